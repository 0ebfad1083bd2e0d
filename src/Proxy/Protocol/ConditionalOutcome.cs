namespace S3Proxy.Protocol;

/// <summary>What the conditions of a read say.</summary>
internal enum ConditionalOutcome
{
    /// <summary>Answer as if there were none.</summary>
    Proceed,

    /// <summary>Answer 304.</summary>
    NotModified,

    /// <summary>Answer 412.</summary>
    PreconditionFailed,
}
