namespace S3Proxy.ModelTests.Batching;

/// <summary>What happens in a schedule of the batcher.</summary>
internal enum BatchMove
{
    /// <summary>A new caller asks.</summary>
    Ask,

    /// <summary>A caller leaves.</summary>
    Cancel,

    /// <summary>A batch in flight comes back whole.</summary>
    Answer,

    /// <summary>A batch comes back with fewer results than requests.</summary>
    AnswerShort,

    /// <summary>A batch comes back with errors of single requests.</summary>
    AnswerPartly,

    /// <summary>A batch fails.</summary>
    Fail,

    /// <summary>Everything runs that can.</summary>
    Settle,

    /// <summary>Time passes.</summary>
    Advance,

    /// <summary>The batcher is stopped, with patience.</summary>
    Stop,

    /// <summary>The batcher is stopped, and what is in flight is cancelled.</summary>
    Abort,
}
