namespace S3Proxy.Telemetry;

/// <summary>
/// Why a request was answered otherwise than from memory (requirement O2): one value a request, shared by the access log, the trail, traces and
/// <c>s3proxy_request_reasons_total</c>. The last thing that stood in the way counts.
/// </summary>
internal enum RequestReason : byte
{
    /// <summary>Nothing stood in the way.</summary>
    None,

    /// <summary>The operation is not a read of an object.</summary>
    Operation,

    /// <summary>The bucket's rule is <c>bypass</c>.</summary>
    BypassRule,

    /// <summary>A query parameter asks for more than the object: a version, a part, or something unknown.</summary>
    Parameter,

    /// <summary>A header makes the answer this client's own: a key of its own, requester pays, expected owner, CORS.</summary>
    Header,

    /// <summary>Mode passthrough, and the client's signature is no proof that can be shown again.</summary>
    NoProof,

    /// <summary>Mode passthrough, and the origin has not accepted this client's request yet.</summary>
    NotJudged,

    /// <summary>The client has signed what cannot be shared, a range for example.</summary>
    AsSigned,

    /// <summary>Nothing is known of the object in this replica's memory.</summary>
    NotInMemory,

    /// <summary>What is known is no longer fresh under the bucket's rule, or the rule has the origin asked each time.</summary>
    NotFresh,

    /// <summary>The metadata is there, the first byte is not.</summary>
    NoSlice,

    /// <summary>The origin's answer has no strong entity tag.</summary>
    NoStrongETag,

    /// <summary>The origin's answer does not tell its length.</summary>
    NoLength,

    /// <summary>The origin's answer varies with headers of the request.</summary>
    Vary,

    /// <summary>The origin's answer sets a cookie.</summary>
    SetCookie,

    /// <summary>The origin says <c>no-store</c>.</summary>
    NoStore,

    /// <summary>The origin says <c>private</c>.</summary>
    Private,

    /// <summary>An error of the origin whose document is too large to share.</summary>
    LargeError,

    /// <summary>There was no memory in time.</summary>
    OutOfMemory,

    /// <summary>The request could not be understood, or its body not be used.</summary>
    BadRequest,

    /// <summary>The proxy did not accept who sent it, or does not allow it.</summary>
    Denied,

    /// <summary>The client has sent more requests a second than it may.</summary>
    RateLimit,

    /// <summary>As many of the client's requests run as may.</summary>
    ConcurrencyLimit,

    /// <summary>The bucket is not configured.</summary>
    NoSuchBucket,

    /// <summary>The origin could not be reached, or not in the turns it allows.</summary>
    Unreachable,

    /// <summary>The origin did not answer in time.</summary>
    TimedOut,

    /// <summary>The origin's transfer broke off.</summary>
    Broken,

    /// <summary>The origin's answer contradicts itself.</summary>
    InvalidAnswer,

    /// <summary>The origin's bytes do not have the object's checksum.</summary>
    Corrupt,

    /// <summary>The object kept changing.</summary>
    Changed,

    /// <summary>The origin has as many requests as it takes, or no turn came.</summary>
    Crowded,

    /// <summary>The proxy has no credentials for the origin.</summary>
    NoCredentials,

    /// <summary>The client left before its answer began.</summary>
    ClientLeft,

    /// <summary>The proxy met an error of its own.</summary>
    Internal,
}
