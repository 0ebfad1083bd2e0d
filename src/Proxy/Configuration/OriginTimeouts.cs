namespace S3Proxy.Configuration;

/// <summary>Bounds on each stage of an origin request.</summary>
internal sealed record OriginTimeouts
{
    /// <summary>Bound on TCP and TLS connect. Default 5 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bound on the time from sending a request to its response headers. Default 30 s.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bound on the time without a byte while the proxy is reading. Default 30 s.</summary>
    public TimeSpan NoProgress { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bound on the time spent reading one transfer; what is missing then is asked for anew. Zero (the default): none.</summary>
    public TimeSpan Total { get; init; }
}
