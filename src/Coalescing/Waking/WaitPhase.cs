namespace S3Proxy.Coalescing.Waking;

/// <summary>Where the wait of a token stands.</summary>
internal enum WaitPhase
{
    /// <summary>There is none.</summary>
    Idle,

    /// <summary>It goes on.</summary>
    Waiting,

    /// <summary>It has ended and its caller has not yet taken note.</summary>
    Ended,
}
