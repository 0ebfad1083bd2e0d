using S3Proxy.Configuration;

namespace S3Proxy.SoakTests.Load;

/// <summary>A bucket of the load: how it is served and who writes to it. Immutable.</summary>
internal sealed record SoakBucket(string Name, CacheRule Rule, CoalescingMode Coalescing, SoakWriter Writer, bool IsVersioned = false)
{
    /// <summary>Every mode of freshness and of coalescing, with the writers that it promises something about.</summary>
    public static IReadOnlyList<SoakBucket> All { get; } =
    [
        new("immutable", new CacheRule { Mode = CacheMode.Immutable }, CoalescingMode.Streaming, SoakWriter.None),
        new("expiring", ExpiringAfter(0.5), CoalescingMode.Streaming, SoakWriter.Origin),
        new("versioned", ExpiringAfter(1), CoalescingMode.Streaming, SoakWriter.Origin, IsVersioned: true),
        new("revalidated", new CacheRule { Mode = CacheMode.Revalidate }, CoalescingMode.Streaming, SoakWriter.Origin),
        new("bypassed", new CacheRule { Mode = CacheMode.Bypass }, CoalescingMode.Streaming, SoakWriter.Proxy),
        new("streaming", ExpiringAfter(10), CoalescingMode.Streaming, SoakWriter.Proxy),
        new("stale", ExpiringAfter(0.5) with { StaleWhileRevalidate = TimeSpan.FromSeconds(5), StaleIfError = TimeSpan.FromMinutes(1) }, CoalescingMode.Streaming, SoakWriter.Proxy),
        new("buffered", ExpiringAfter(10), CoalescingMode.Buffered, SoakWriter.Proxy),
        new("uncoalesced", ExpiringAfter(10), CoalescingMode.Off, SoakWriter.Proxy),
    ];

    private static CacheRule ExpiringAfter(double seconds) => new() { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromSeconds(seconds) };
}
