namespace S3Proxy.Configuration;

/// <summary>Versions of HTTP that a port serves.</summary>
[Flags]
internal enum HttpVersions
{
    /// <summary>None; not a valid choice.</summary>
    None = 0,

    /// <summary>HTTP/1.1 (and 1.0).</summary>
    Http1 = 1,

    /// <summary>HTTP/2: by ALPN with TLS, by prior knowledge without (RFC 9113, section 3).</summary>
    Http2 = 2,
}
