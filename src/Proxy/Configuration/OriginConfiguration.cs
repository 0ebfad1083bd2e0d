namespace S3Proxy.Configuration;

/// <summary>One S3 server (or a set of equal endpoints of it).</summary>
internal sealed record OriginConfiguration
{
    public required string Name { get; init; }

    /// <summary>
    /// What tells its objects from those of other places, in memory and in Redis: made of the name and of where the origin is, so that a name which later points elsewhere is never answered
    /// from bytes of the former place (<see cref="OriginIdentity"/>). The name where nothing else is said.
    /// </summary>
    public string Identity { get => field ?? Name; init; }

    /// <summary>At least one; scheme and authority only, no path.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>Region of the signature scope. Default <c>us-east-1</c>.</summary>
    public required string Region { get; init; }

    public AddressingStyle Addressing { get; init; }

    public required OriginCredentials Credentials { get; init; }

    /// <summary>Whether ETags that look like an MD5 are held to be one.</summary>
    public ETagVerification VerifyETag { get; init; }

    /// <summary>Whether the origin gets checksums that come in a trailer. An anonymous origin never does: what announces them is signed.</summary>
    public UploadTrailers UploadTrailers { get; init; }

    public OriginConcurrency Concurrency { get; init; } = new();

    public OriginRetry Retry { get; init; } = new();

    public OriginHedging Hedging { get; init; } = new();

    public OriginTimeouts Timeouts { get; init; } = new();
}
