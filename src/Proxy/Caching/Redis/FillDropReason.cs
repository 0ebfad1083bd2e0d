namespace S3Proxy.Caching.Redis;

/// <summary>Why a slice is not written to Redis.</summary>
internal enum FillDropReason
{
    /// <summary>Too much waits already.</summary>
    Full,

    /// <summary>Redis is left alone at the moment.</summary>
    Unavailable,

    /// <summary>Redis failed while it was written.</summary>
    Failed,

    /// <summary>The proxy ends, or the bytes turned out to be wrong.</summary>
    Ended,
}
