namespace S3Proxy.ModelTests.Waking;

/// <summary>What happens in a schedule of the hub.</summary>
internal enum WakeMove
{
    /// <summary>Someone registers for a key.</summary>
    Register,

    /// <summary>A token waits.</summary>
    Wait,

    /// <summary>A wait is cancelled.</summary>
    Cancel,

    /// <summary>A token says that it has looked.</summary>
    Accept,

    /// <summary>A token leaves.</summary>
    Leave,

    /// <summary>A key is woken for some reason.</summary>
    Wake,

    /// <summary>All keys are.</summary>
    WakeAll,

    /// <summary>Time passes.</summary>
    Advance,

    /// <summary>The link is lost, or restored when it was lost.</summary>
    Link,

    /// <summary>Someone found that a wake had been missed.</summary>
    ReportMissed,

    /// <summary>Everything runs that can.</summary>
    Settle,
}
