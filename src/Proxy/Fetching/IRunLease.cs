using S3Proxy.Coalescing;

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

    /// <summary>
    /// Has a slice that is complete kept for other replicas, unless they are given it as it comes. Never waits, and drops it when there is too much to do. The lease ends only when what it was given is kept: who finds no
    /// lease finds the bytes.
    /// </summary>
    void Store(int index, SharedBody body);
}
