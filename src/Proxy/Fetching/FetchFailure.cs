namespace S3Proxy.Fetching;

/// <summary>Why a shared fetch gave no bytes, or stopped giving them.</summary>
internal enum FetchFailure
{
    /// <summary>No endpoint of the origin accepted the connection.</summary>
    Unreachable,

    /// <summary>The origin did not answer, or stopped sending, for longer than its time-out.</summary>
    TimedOut,

    /// <summary>The transfer broke, and resuming it did not help.</summary>
    Broken,

    /// <summary>The origin's answer contradicts the request or itself (range, length, entity tag).</summary>
    InvalidAnswer,

    /// <summary>The origin's bytes do not have the checksum the origin itself tells.</summary>
    Corrupt,

    /// <summary>The object changed while it was read.</summary>
    Changed,

    /// <summary>No memory came free in time.</summary>
    OutOfMemory,

    /// <summary>The origin has as many requests of the proxy as it takes, and no turn came in time.</summary>
    Crowded,

    /// <summary>There are no credentials to sign with.</summary>
    NoCredentials,

    /// <summary>The client's own signature does not cover the request that would have to be sent.</summary>
    NotAsSigned,

    /// <summary>A fetch could not be joined or led in a bounded number of tries.</summary>
    Contended,
}
