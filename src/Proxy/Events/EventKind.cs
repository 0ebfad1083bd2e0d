namespace S3Proxy.Events;

/// <summary>What an event tells.</summary>
internal enum EventKind : byte
{
    /// <summary>Nothing that matters to a cache: a read, a test, something unknown.</summary>
    Other,

    /// <summary>An object is not what it was, or no more.</summary>
    ObjectChanged,

    /// <summary>A bucket is no more.</summary>
    BucketRemoved,

    /// <summary>It should tell of a bucket and an object, and does not.</summary>
    Invalid,
}
