namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>All tables of requests that change nothing, by name.</summary>
internal static class ReadTables
{
    public const string Anonymous = "anonymous";

    public static IReadOnlyDictionary<string, IReadOnlyList<ReadCase>> All { get; } = new SortedDictionary<string, IReadOnlyList<ReadCase>>(StringComparer.Ordinal)
    {
        ["ranges"] = [.. RangeTable.Cases()],
        ["conditions"] = [.. ConditionTable.Cases()],
        ["object headers"] = [.. ObjectTable.Headers()],
        ["keys"] = [.. ObjectTable.Keys()],
        ["versions"] = [.. ObjectTable.Versions()],
        ["part numbers"] = [.. ObjectTable.Parts()],
        ["overrides"] = [.. ObjectTable.Overrides()],
        ["encryption"] = [.. ObjectTable.Encryption()],
        ["lists"] = [.. ListTable.Lists()],
        ["parts lists"] = [.. ListTable.Parts()],
        ["sub-resources"] = [.. ListTable.SubResources()],
        ["signatures"] = [.. RefusalTable.Signatures()],
        ["methods and buckets"] = [.. RefusalTable.Methods()],
        [Anonymous] = [.. RefusalTable.Anonymous()],
    };
}
