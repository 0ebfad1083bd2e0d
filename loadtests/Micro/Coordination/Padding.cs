namespace S3Proxy.Micro.Coordination;

/// <summary>How far apart the own fields of threads stand.</summary>
internal static class Padding
{
    /// <summary>Elements of 8 bytes in two cache lines; neighbouring lines are prefetched together.</summary>
    public const int Longs = 16;
}
