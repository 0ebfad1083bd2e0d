namespace S3Proxy.Testing.Fleet;

/// <summary>What one write came to. Immutable.</summary>
/// <param name="Failure">Why it was not acknowledged, for people; null when it was. The object may have been written all the same.</param>
public sealed record FleetWrite(string? Failure);
