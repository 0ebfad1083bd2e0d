namespace S3Proxy.Coalescing.Statistics;

/// <summary>How much something was used. Adding is exact, commutative and associative. Immutable.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Bytes">Body bytes sent for them.</param>
public readonly record struct Usage(long Requests, long Bytes)
{
    /// <summary>The two together.</summary>
    public static Usage operator +(Usage left, Usage right) => new(left.Requests + right.Requests, left.Bytes + right.Bytes);

    /// <summary>The two together.</summary>
    public Usage Add(Usage other) => this + other;
}
