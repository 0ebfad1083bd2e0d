using S3Proxy.Caching.Memory;

namespace S3Proxy.Micro.Eviction;

/// <summary>A policy to be judged.</summary>
/// <param name="Name">For tables and the chart.</param>
/// <param name="Make">Makes one for a budget in bytes.</param>
/// <param name="OnHit">Tells it of a hit.</param>
internal sealed record ReplayedPolicy(string Name, Func<long, IEvictionPolicy> Make, Action<IEvictionPolicy, CacheEntry> OnHit)
{
    public const string Shipped = "shipped";
    public const string Baseline = "LRU";

    public static IReadOnlyList<ReplayedPolicy> All { get; } =
    [
        new(Baseline, static _ => new LruPolicy(), static (policy, entry) => ((LruPolicy)policy).OnHit(entry)),
        new("S3-FIFO", static budget => new S3FifoPolicy(budget), static (_, entry) => entry.Touch()),
        new("W-TinyLFU", static budget => new WTinyLfuPolicy(budget), static (policy, entry) => ((WTinyLfuPolicy)policy).OnHit(entry)),
        new(Shipped, static _ => new AdmissionFifoPolicy(), static (_, entry) => entry.Touch()),
    ];
}
