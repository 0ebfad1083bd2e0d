namespace S3Proxy.Coalescing.Statistics;

/// <summary>A key that is asked for often. Immutable.</summary>
/// <param name="Key">The key.</param>
/// <param name="Hotness">Requests, older ones counting less: never below the truth, and above it by at most <paramref name="HotnessError"/>.</param>
/// <param name="HotnessError">What the key may have taken over from keys it displaced; 0 for a key that was tracked from its first request.</param>
/// <param name="Seen">Usage since the key was last taken into the tracked ones: exact, without ageing, a lower bound of its whole usage.</param>
public sealed record HotKey<TKey>(TKey Key, double Hotness, double HotnessError, Usage Seen);
