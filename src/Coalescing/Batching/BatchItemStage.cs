namespace S3Proxy.Coalescing.Batching;

/// <summary>How far a request has come.</summary>
internal enum BatchItemStage
{
    /// <summary>Not yet in a queue.</summary>
    New,

    /// <summary>In the queue of its lane.</summary>
    Waiting,

    /// <summary>Part of a batch that was or will be sent.</summary>
    Sent,

    /// <summary>Taken out before it was sent.</summary>
    Withdrawn,
}
