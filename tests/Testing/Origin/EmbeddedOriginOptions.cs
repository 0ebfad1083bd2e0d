namespace S3Proxy.Testing.Origin;

/// <summary>How an <see cref="EmbeddedOrigin"/> is set up. Immutable.</summary>
public sealed record EmbeddedOriginOptions
{
    /// <summary>TCP port on 127.0.0.1. Default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The region that signatures must name. Default <c>us-east-1</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Keys accepted. Default none: signatures are not looked at and everyone may do everything.</summary>
    public IReadOnlyList<OriginCredential> Credentials { get; init; } = [];

    /// <summary>With keys configured: whether unsigned requests are served too. Default false: 403 AccessDenied.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>
    /// Host-style addressing: with <c>s3.test</c>, a request to host <c>bucket.s3.test</c> means that bucket. Default null: path-style only.
    /// </summary>
    public string? HostSuffix { get; init; }

    /// <summary>Buckets that exist from the start.</summary>
    public IReadOnlyList<string> Buckets { get; init; } = [];

    /// <summary>Tells Last-Modified and the age of signatures, and paces delays and throttling. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How far a signature's time may differ from ours. Default 15 minutes, as S3; <see cref="TimeSpan.MaxValue"/> = any.</summary>
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Wait before the headers of every response. Default zero. Can be changed at run time.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>Body bytes per second and connection. Default null: unlimited. Can be changed at run time.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Bound on one request body, in bytes. Default 1 GiB; more is EntityTooLarge.</summary>
    public long MaxUploadBytes { get; init; } = 1L << 30;

    /// <summary>Smallest part but the last of a multipart upload, in bytes. Default 5 MiB, as S3.</summary>
    public long MinPartBytes { get; init; } = 5L << 20;

    /// <summary>How many versions of a key a versioned bucket keeps; the oldest goes first. Default all. Long runs set a bound.</summary>
    public int MaxVersionsPerKey { get; init; } = int.MaxValue;

    /// <summary>
    /// How many requests are recorded one by one. Default 100,000; load tests set 0. Aggregates count all; asking for single records
    /// after the bound was passed throws.
    /// </summary>
    public int MaxRecordedRequests { get; init; } = 100_000;
}
