using S3Proxy.Caching;

namespace S3Proxy.Admin;

/// <summary>What Redis holds of an object. Immutable.</summary>
/// <param name="IsAvailable">False when Redis did not answer; then nothing is known.</param>
/// <param name="Metadata">What replicas share; null for nothing, or nothing that can be used.</param>
/// <param name="HasFirstSlice">Whether the first bytes of that version are there.</param>
internal sealed record RedisLook(bool IsAvailable, ObjectMetadata? Metadata, bool HasFirstSlice);
