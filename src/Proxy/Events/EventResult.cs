namespace S3Proxy.Events;

/// <summary>What became of an event.</summary>
internal enum EventResult : byte
{
    /// <summary>No replica answers any more with what it knew of the object.</summary>
    Invalidated,

    /// <summary>The same has been told before, and was carried out.</summary>
    Duplicate,

    /// <summary>It tells nothing that matters here.</summary>
    Ignored,

    /// <summary>No bucket of the configuration leads there now. The object is forgotten all the same.</summary>
    Unmapped,

    /// <summary>Something is missing in it.</summary>
    Invalid,

    /// <summary>Redis cannot be told now: this replica has forgotten, the others will when Redis is back.</summary>
    Pending,

    /// <summary>A subscription was confirmed.</summary>
    Confirmed,
}
