namespace S3Proxy.Configuration;

/// <summary>How bucket names are put into origin URLs.</summary>
internal enum AddressingStyle
{
    /// <summary><c>http://endpoint/bucket/key</c></summary>
    Path,

    /// <summary><c>http://bucket.endpoint/key</c></summary>
    Host,
}

/// <summary>One S3 server (or a set of equal endpoints of it).</summary>
internal sealed record OriginConfiguration
{
    public required string Name { get; init; }

    /// <summary>At least one; scheme and authority only, no path.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>Region of the signature scope. Default <c>us-east-1</c>.</summary>
    public required string Region { get; init; }

    public AddressingStyle Addressing { get; init; }

    public required OriginCredentials Credentials { get; init; }

    public OriginTimeouts Timeouts { get; init; } = new();
}

/// <summary>Bounds on each stage of an origin request.</summary>
internal sealed record OriginTimeouts
{
    /// <summary>Bound on TCP and TLS connect. Default 5 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bound on the time from sending a request to its response headers. Default 30 s.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bound on the time without a byte while the proxy is reading. Default 30 s.</summary>
    public TimeSpan NoProgress { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Where the credentials for an origin come from.</summary>
internal enum OriginCredentialsSource
{
    /// <summary>The AWS SDK chain: environment, profile, web identity, container, instance.</summary>
    AwsChain,

    /// <summary>Requests are not signed.</summary>
    Anonymous,

    /// <summary>Fixed keys from the configuration, a file or the environment.</summary>
    Static,
}

/// <summary>Credentials for an origin. The secret never appears in <see cref="ToString"/>.</summary>
internal sealed record OriginCredentials
{
    public required OriginCredentialsSource Source { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public string? SessionToken { get; init; }

    public override string ToString() => Source == OriginCredentialsSource.Static ? $"Static({AccessKeyId})" : Source.ToString();
}
