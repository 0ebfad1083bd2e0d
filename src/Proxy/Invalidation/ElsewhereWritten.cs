using S3Proxy.Caching;

namespace S3Proxy.Invalidation;

/// <summary>What a write may have changed under identities of origins that it did not begin with (<see cref="OriginsInForce"/>). Immutable.</summary>
/// <param name="Objects">Objects, where they are known.</param>
/// <param name="Scopes">Scopes, where they are not.</param>
internal sealed record ElsewhereWritten(IReadOnlyList<ObjectId> Objects, IReadOnlyCollection<CacheScope> Scopes);
