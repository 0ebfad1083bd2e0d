namespace S3Proxy.Configuration;

/// <summary>How concurrent reads of one object share a fetch (requirement F10).</summary>
internal enum CoalescingMode
{
    /// <summary>Followers stream while the bytes arrive.</summary>
    Streaming,

    /// <summary>Followers get a slice when it is complete and checked.</summary>
    Buffered,

    /// <summary>Each miss fetches for itself.</summary>
    Off,
}
