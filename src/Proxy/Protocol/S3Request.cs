namespace S3Proxy.Protocol;

/// <summary>
/// What a request asks for, parsed once and immutable. Bucket and key are decoded; they are what the client means, before any
/// mapping to an origin.
/// </summary>
internal sealed class S3Request
{
    public required string Method { get; init; }

    public required S3Operation Operation { get; init; }

    /// <summary>Client-side bucket; null only for operations on the service (ListBuckets).</summary>
    public BucketName? Bucket { get; init; }

    /// <summary>Decoded key; null for operations on a bucket or the service.</summary>
    public ObjectKey? Key { get; init; }

    public required S3Query Query { get; init; }

    /// <summary>
    /// What <c>x-amz-copy-source</c> names; null without that header. Set whenever a PUT carries it, whatever the operation.
    /// </summary>
    public CopySource? CopySource { get; init; }

    /// <summary>Path and query exactly as the client sent them.</summary>
    public required string RawTarget { get; init; }

    /// <summary>The path part of <see cref="RawTarget"/>, before the first <c>?</c>.</summary>
    public required string RawPath { get; init; }

    /// <summary>Path and query as sent, without the authority that a target in absolute form begins with (RFC 9112, 3.2).</summary>
    public string OriginForm => RawTarget.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? RawPath + RawTarget[mark..] : RawPath;

    /// <summary>True when the bucket came from the Host header.</summary>
    public bool IsHostStyle { get; init; }

    /// <summary>What S3 puts into an error's <c>Resource</c>: the canonical path as the client addressed it.</summary>
    public required string Resource { get; init; }
}
