namespace S3Proxy.Testing.Integrity;

/// <summary>What a body turned out to be.</summary>
/// <param name="ExpectedBytes">How many bytes should have come.</param>
/// <param name="BytesSeen">How many came.</param>
/// <param name="FirstMismatch">Position in the body of the first wrong or surplus byte; null when every byte that came was right.</param>
public readonly record struct BodyCheckResult(long ExpectedBytes, long BytesSeen, long? FirstMismatch)
{
    /// <summary>Every byte came and was right, and no more came.</summary>
    public bool IsExact => FirstMismatch is null && BytesSeen == ExpectedBytes;

    /// <summary>Every byte that came was right; some may be missing.</summary>
    public bool IsPrefix => FirstMismatch is null;

    public override string ToString() => FirstMismatch is { } at
        ? $"wrong byte at {at} of {BytesSeen} seen, {ExpectedBytes} expected"
        : $"{BytesSeen} right bytes of {ExpectedBytes} expected";
}
