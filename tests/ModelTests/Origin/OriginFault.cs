namespace S3Proxy.ModelTests.Origin;

/// <summary>What the origin does to one request instead of simply answering it.</summary>
internal enum OriginFault
{
    /// <summary>Answers from what it has when the request comes, but only after a time.</summary>
    DelayHeaders,

    /// <summary>Answers from what it has when it is released.</summary>
    HoldHeaders,

    /// <summary>Refuses the connection.</summary>
    Unreachable,

    /// <summary>Takes the request and never answers; the border to the origin gives up.</summary>
    TimedOut,

    /// <summary>503 SlowDown.</summary>
    SlowDown,

    /// <summary>403 AccessDenied.</summary>
    AccessDenied,

    /// <summary>404 for an object that is there.</summary>
    FalseNotFound,

    /// <summary>412 though the version is the one asked for.</summary>
    FalsePreconditionFailed,

    /// <summary>416 for a range that is there.</summary>
    FalseRangeRefused,

    /// <summary>An error document too large to be shared.</summary>
    LargeError,

    /// <summary>The body breaks after a number of bytes.</summary>
    Cut,

    /// <summary>The body ends, as if well, after a number of bytes.</summary>
    EarlyEnd,

    /// <summary>The body stops after a number of bytes and sends nothing more.</summary>
    Stall,

    /// <summary>Each piece of the body takes a time.</summary>
    SlowBody,

    /// <summary>A weak entity tag.</summary>
    WeakETag,

    /// <summary>No length.</summary>
    NoLength,

    /// <summary>A cookie, which nobody may share.</summary>
    SetCookie,

    /// <summary>200 and the whole object, whatever the range.</summary>
    IgnoreRange,

    /// <summary>A 206 for other bytes than those asked for, told truly.</summary>
    OtherRange,

    /// <summary>A 206 for fewer bytes than asked for, told truly.</summary>
    ShortRange,

    /// <summary>A Content-Range that does not fit the length.</summary>
    FalseContentRange,

    /// <summary>A Content-Range with another size of the object, to a request that knows the size.</summary>
    FalseTotal,

    /// <summary>Ignores If-Match and answers with whatever is current.</summary>
    IgnoreIfMatch,
}
