namespace S3Proxy.Coalescing;

/// <summary>
/// Where a flight stands. States only move forward; a flight that has a terminal state never leaves it.
/// </summary>
public enum FlightState
{
    /// <summary>Claimed by a leader that has not started the fetch yet.</summary>
    Queued,

    /// <summary>The fetch runs and has told nothing yet.</summary>
    Connecting,

    /// <summary>The fetch has published its result (status, metadata); bytes may be arriving.</summary>
    Streaming,

    /// <summary>Ended: everything promised was delivered.</summary>
    Complete,

    /// <summary>Ended: the fetch failed, and every participant gets that failure.</summary>
    Failed,

    /// <summary>Ended: nobody was left, or the owner shut down.</summary>
    Cancelled,

    /// <summary>Ended: what was fetched is no longer the current version.</summary>
    Superseded,

    /// <summary>Ended: the leader went away without starting a fetch or giving an outcome.</summary>
    Abandoned,
}
