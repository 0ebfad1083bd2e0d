namespace S3Proxy.Coalescing.Waking;

/// <summary>Why a wait ended.</summary>
public enum WakeReason
{
    /// <summary>What was waited for is there. Wakes everyone.</summary>
    Completed,

    /// <summary>What was waited for counts no more. Wakes everyone.</summary>
    Invalidated,

    /// <summary>Whoever worked on it gave up. Wakes one heir.</summary>
    LeaderFailed,

    /// <summary>Whoever worked on it is not heard of any more. Wakes one heir.</summary>
    LeaseExpired,

    /// <summary>Something may not have been heard, as after a lost connection. Wakes everyone.</summary>
    HeardAgain,

    /// <summary>The time given for the wait is over. Never before it is, by the hub's clock; only the hub gives this reason.</summary>
    Due,
}
