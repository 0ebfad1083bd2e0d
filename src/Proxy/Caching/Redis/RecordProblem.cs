namespace S3Proxy.Caching.Redis;

/// <summary>Why something that was read from Redis is not used.</summary>
internal enum RecordProblem
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>It is not of the layout it should be.</summary>
    Malformed,

    /// <summary>Its checksum does not fit.</summary>
    Corrupt,

    /// <summary>It was written by another version of the proxy, in a layout that this one does not know.</summary>
    UnknownLayout,

    /// <summary>It is of another object or version.</summary>
    OtherIdentity,
}
