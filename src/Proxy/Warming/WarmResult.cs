namespace S3Proxy.Warming;

/// <summary>What came of one object.</summary>
/// <param name="SizeBytes">Its size; 0 where it is not known.</param>
/// <param name="WasHere">True when all of it was in memory and fresh already.</param>
/// <param name="Failure">Why it is not in memory now; null when it is.</param>
internal readonly record struct WarmResult(long SizeBytes, bool WasHere, string? Failure)
{
    /// <summary>True when nothing was loaded because the job has no room for it.</summary>
    public bool HadNoRoom { get; init; }

    /// <summary>True when the same request may fare better in a moment.</summary>
    public bool MayPass { get; init; }
}
