namespace S3Proxy.Demo.Measuring;

/// <summary>What one read came to.</summary>
internal readonly record struct ReadOutcome
{
    /// <summary>Value of <c>x-cache</c>; empty when the answer had none.</summary>
    public required string Cache { get; init; }

    /// <summary>From before the request was sent to the first byte of the body.</summary>
    public required TimeSpan FirstByte { get; init; }

    /// <summary>Body bytes that came.</summary>
    public required long Bytes { get; init; }

    /// <summary>True when a byte of the body was not the object's, or one too many.</summary>
    public bool IsWrong { get; init; }

    /// <summary>Why the read gave no whole answer; null when it did.</summary>
    public string? Failure { get; init; }
}
