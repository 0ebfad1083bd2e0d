using S3Proxy.Reporting;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>What a load came to. Times are from when a request was due.</summary>
internal sealed record LoadResult
{
    /// <summary>Answers that were whole and right.</summary>
    public required long Answers { get; init; }

    /// <summary>Answers from the cache, by their own word.</summary>
    public required long Hits { get; init; }

    /// <summary>Requests without a whole and right answer, those with wrong bytes included.</summary>
    public required long Errors { get; init; }

    /// <summary>Answers with a byte that is not the object's.</summary>
    public required long Wrong { get; init; }

    /// <summary>What the first failed request met; null when none failed.</summary>
    public required string? FirstError { get; init; }

    /// <summary>From the beginning to the last answer.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>To the last byte, in milliseconds, of every whole answer.</summary>
    public required IReadOnlyList<double> Milliseconds { get; init; }

    /// <summary>To the first byte of the body, in milliseconds, of every whole answer.</summary>
    public required IReadOnlyList<double> FirstByteMilliseconds { get; init; }

    public double PerSecond => Elapsed > TimeSpan.Zero ? Answers / Elapsed.TotalSeconds : 0;

    /// <summary>Time to the last byte that this share of the answers keeps.</summary>
    public double Quantile(double share) => Quantiles.Of(Milliseconds, share);
}
