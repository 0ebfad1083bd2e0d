namespace S3Proxy.FleetTests.History;

/// <summary>A write of the one writer of a key. Immutable.</summary>
/// <param name="Key">Object key.</param>
/// <param name="Version">1 for the first write of the key, one more for each next.</param>
/// <param name="Started">Timestamp taken before the request was sent.</param>
/// <param name="Succeeded">Timestamp taken after success was heard; null for a write of unknown outcome or refused.</param>
internal sealed record WriteEvent(string Key, long Version, long Started, long? Succeeded);
