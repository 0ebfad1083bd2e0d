namespace S3Proxy.Coalescing.Statistics;

/// <summary>How much something was used. Adding is exact, commutative and associative. Immutable.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Bytes">Body bytes sent for them.</param>
/// <param name="SavedRequests">Those of the requests for which nothing was asked elsewhere.</param>
/// <param name="SavedBytes">Those of the bytes that were not fetched for them.</param>
public readonly record struct Usage(long Requests, long Bytes, long SavedRequests = 0, long SavedBytes = 0)
{
    /// <summary>The two together.</summary>
    public static Usage operator +(Usage left, Usage right) =>
        new(left.Requests + right.Requests, left.Bytes + right.Bytes, left.SavedRequests + right.SavedRequests, left.SavedBytes + right.SavedBytes);

    /// <summary>The two together.</summary>
    public Usage Add(Usage other) => this + other;
}
