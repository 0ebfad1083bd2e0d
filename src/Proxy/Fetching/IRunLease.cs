namespace S3Proxy.Fetching;

/// <summary>
/// The right to ask the origin for slices of a version in the place of all replicas. Other replicas may follow what comes. Disposing ends it, without a wait. Thread-safe.
/// </summary>
internal interface IRunLease : IDisposable
{
    /// <summary>Last slice it is for.</summary>
    int Last { get; }

    /// <summary>Lets other replicas read along: from now on they are answered through <paramref name="reads"/>, which opens a reader of this version.</summary>
    void Open(Func<int, SliceWalker> reads);

    /// <summary>True when other replicas are given the slice as it comes, so that it need not be stored once more.</summary>
    bool IsFed(int index);
}
