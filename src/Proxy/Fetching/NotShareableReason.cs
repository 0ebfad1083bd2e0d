namespace S3Proxy.Fetching;

/// <summary>Why an origin's answer may not be shared.</summary>
internal enum NotShareableReason
{
    /// <summary>It has no strong entity tag, so its bytes cannot be told from another version's.</summary>
    NoStrongETag,

    /// <summary>It does not say how long it is.</summary>
    NoLength,

    /// <summary>It varies with request headers that the shared request does not have.</summary>
    Vary,

    /// <summary>It sets a cookie.</summary>
    SetCookie,

    /// <summary>It says <c>no-store</c>, and the bucket's rule honours the origin.</summary>
    NoStore,

    /// <summary>It says <c>private</c>, and the bucket's rule honours the origin.</summary>
    Private,

    /// <summary>An error whose body is too large to share.</summary>
    LargeError,

    /// <summary>It answers what the client has signed, a range for example, and not what can be shared.</summary>
    AsSigned,

    /// <summary>There was no memory for it in time.</summary>
    OutOfMemory,
}
