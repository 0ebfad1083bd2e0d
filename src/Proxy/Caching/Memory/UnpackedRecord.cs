namespace S3Proxy.Caching.Memory;

/// <summary>A record of metadata and what it was made of. Immutable.</summary>
/// <param name="Record">The record.</param>
/// <param name="Metadata">What it says.</param>
internal sealed record UnpackedRecord(byte[] Record, ObjectMetadata Metadata);
