namespace S3Proxy.Protocol;

/// <summary>A range resolved against an object's size: either the bytes to send or "not satisfiable" (416).</summary>
internal readonly record struct ByteRangeResolution
{
    private ByteRangeResolution(long firstByte, long lastByte)
    {
        IsSatisfiable = true;
        FirstByte = firstByte;
        LastByte = lastByte;
    }

    /// <summary>The answer is 416. Also the default value.</summary>
    public static ByteRangeResolution Unsatisfiable => default;

    public bool IsSatisfiable { get; }

    /// <summary>First byte to send. Meaningful only when satisfiable.</summary>
    public long FirstByte { get; }

    /// <summary>Last byte to send, included. Meaningful only when satisfiable.</summary>
    public long LastByte { get; }

    /// <summary>Bytes to send; zero when not satisfiable.</summary>
    public long LengthBytes => IsSatisfiable ? LastByte - FirstByte + 1 : 0;

    public static ByteRangeResolution Satisfiable(long firstByte, long lastByte)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstByte);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastByte, firstByte);
        return new ByteRangeResolution(firstByte, lastByte);
    }
}
