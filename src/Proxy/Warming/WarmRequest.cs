using S3Proxy.Protocol;

namespace S3Proxy.Warming;

/// <summary>What is to be loaded, in clients' names. Immutable.</summary>
internal sealed record WarmRequest
{
    /// <summary>Bound on <see cref="Concurrency"/>.</summary>
    public const int MaxConcurrency = 32;

    /// <summary>Bound on <see cref="Keys"/>.</summary>
    public const int MaxKeys = 100_000;

    public required BucketName Bucket { get; init; }

    /// <summary>What keys begin with; empty for all of the bucket. Without effect where there are <see cref="Keys"/>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The objects; null to list the bucket.</summary>
    public IReadOnlyList<ObjectKey>? Keys { get; init; }

    /// <summary>How many objects are loaded at the same time, 1 to <see cref="MaxConcurrency"/>.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Bound on the bytes of all objects together; null for the memory's own.</summary>
    public long? MaxBytes { get; init; }
}
