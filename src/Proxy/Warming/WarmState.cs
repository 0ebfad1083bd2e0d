namespace S3Proxy.Warming;

/// <summary>Where a warm-up is.</summary>
internal enum WarmState
{
    /// <summary>It waits for others to end.</summary>
    Queued,

    /// <summary>It lists and loads.</summary>
    Running,

    /// <summary>Everything was tried.</summary>
    Done,

    /// <summary>Somebody ended it.</summary>
    Cancelled,

    /// <summary>It came to its byte limit, or to the end of the memory.</summary>
    Stopped,

    /// <summary>The list of what to load could not be had.</summary>
    Failed,
}
