namespace S3Proxy.Coalescing;

/// <summary>What a reader finds at its position.</summary>
public enum SharedBodyStatus
{
    /// <summary>At least one byte can be read.</summary>
    Readable,

    /// <summary>The body is complete, and the reader has all of it.</summary>
    Completed,

    /// <summary>The body ended before its length was reached; what was read so far is right, the rest will not come from here.</summary>
    Failed,
}
