namespace S3Proxy.Coalescing.Statistics;

/// <summary>A key in a summary and where it stands in the heap. Belongs to one <see cref="HeavyHitters{TKey}"/>.</summary>
internal sealed class TrackedKey<TKey>
{
    public required TKey Key { get; set; }

    /// <summary>Aged requests, those it may have taken over included.</summary>
    public required double Score { get; set; }

    /// <summary>Part of the score that may belong to displaced keys.</summary>
    public required double Error { get; set; }

    public required Usage Seen { get; set; }

    /// <summary>The score by which the entry stands in the heap, at most <see cref="Score"/>.</summary>
    public double PlacedScore { get; set; }

    public HotKey<TKey> ToHotKey() => new(Key, Score, Error, Seen);
}
