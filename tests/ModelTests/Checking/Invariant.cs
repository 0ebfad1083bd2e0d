namespace S3Proxy.ModelTests.Checking;

/// <summary>What must hold whatever happens; the numbers are those of the flight's invariants in the design.</summary>
internal enum Invariant
{
    /// <summary>1: at most one active origin fetch for a key and generation.</summary>
    SingleFetch,

    /// <summary>2: what a reader receives is a contiguous range of one version that the origin had.</summary>
    OneVersion,

    /// <summary>3: a clean end of body if, and only if, the whole range was delivered.</summary>
    CleanEnd,

    /// <summary>4: everyone who joins gets exactly one outcome in bounded time.</summary>
    OneOutcome,

    /// <summary>5: nobody joins a flight that has ended for good.</summary>
    NoJoinOfEnded,

    /// <summary>6: nobody left means no transfer, no reservation, no timer after the grace time, and every page back in the end.</summary>
    NothingLeft,

    /// <summary>7: bytes used and reserved never exceed the budget.</summary>
    Budget,

    /// <summary>8: nothing older than a write or an invalidation is published or served after it.</summary>
    NoStalePublish,

    /// <summary>9: what one client does, its leaving above all, is never seen by another.</summary>
    Isolation,

    /// <summary>Nothing runs but by the scheduler; without it a seed decides nothing.</summary>
    Determinism,
}
