namespace S3Proxy.Demo.Measuring;

/// <summary>What a number of reads came to together.</summary>
internal sealed record ReadSummary
{
    public required int Reads { get; init; }

    /// <summary>Body bytes that came.</summary>
    public required long Bytes { get; init; }

    public required TimeSpan FirstByteP50 { get; init; }

    public required TimeSpan FirstByteP99 { get; init; }

    /// <summary>Reads with <c>x-cache: HIT</c>.</summary>
    public required int Hits { get; init; }

    /// <summary>Reads with <c>x-cache: COALESCED</c>.</summary>
    public required int Coalesced { get; init; }

    /// <summary>Reads with <c>x-cache: MISS</c>.</summary>
    public required int Misses { get; init; }

    /// <summary>Answers with a byte that is not the object's.</summary>
    public required int Wrong { get; init; }

    /// <summary>Reads that gave no whole and right answer, the wrong ones included.</summary>
    public required int Failed { get; init; }

    /// <summary>What the first failed read met; null when none failed.</summary>
    public required string? FirstFailure { get; init; }
}
