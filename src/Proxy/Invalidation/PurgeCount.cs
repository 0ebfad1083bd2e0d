namespace S3Proxy.Invalidation;

/// <summary>What was dropped. Immutable.</summary>
/// <param name="Objects">Objects of which metadata was known.</param>
/// <param name="Slices">Slices.</param>
internal readonly record struct PurgeCount(int Objects, int Slices);
