namespace S3Proxy.Events;

/// <summary>What one event tells. Immutable.</summary>
/// <param name="Sender">In whose form.</param>
/// <param name="Kind">What.</param>
/// <param name="Bucket">The bucket at the origin; empty where there is none.</param>
/// <param name="Keys">The key at the origin as it may be meant: decoded, and as it stands where that is another. Empty where there is none.</param>
/// <param name="Mark">What the same event has in common when it is told again, and no other has; null when nothing tells.</param>
internal sealed record OriginEvent(EventSender Sender, EventKind Kind, string Bucket, IReadOnlyList<string> Keys, string? Mark);
