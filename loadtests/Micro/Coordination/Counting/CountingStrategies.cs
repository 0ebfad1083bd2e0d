namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>What is compared (requirement K1), the baseline first.</summary>
internal static class CountingStrategies
{
    public const string Baseline = "copy-out/copy-in, table a batch";
    public const string BatchLocal = "batch-local merge";
    public const string Shipped = "shipped: UsageStatistics";

    public static IReadOnlyList<(string Name, Func<Workload, ICountingStrategy> New)> All { get; } =
    [
        (Baseline, _ => new CopiedTable()),
        ("copy-out/copy-in, entry a step", _ => new CopiedEntries()),
        ("one lock", _ => new OneLock()),
        ("striped locks", _ => new StripedLocks()),
        ("reader-writer lock", _ => new ReaderWriterTable()),
        ("bounded actor", _ => new Actor()),
        (BatchLocal, _ => new BatchLocalMerge()),
        ("batch-local merge + partitions", _ => new MergeIntoPartitions()),
        (Shipped, work => new ShippedStatistics(work.Keys.Length)),
    ];
}
