using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>
/// The right to ask the origin about an object in the place of all replicas. Ends once, by the first of its calls; none of them waits. Thread-safe.
/// </summary>
internal interface IObjectLease
{
    /// <summary>Tells the others what the origin told, unless something was invalidated meanwhile.</summary>
    /// <param name="metadata">What it told.</param>
    /// <param name="run">First and last slice of the run that its answer opened; null without one.</param>
    /// <returns>The right to bring that run; null without one.</returns>
    IRunLease? Commit(ObjectMetadata metadata, (int First, int Last)? run);

    /// <summary>The origin told something that replicas do not share: each asks for itself, also those that come within <paramref name="time"/>.</summary>
    void LetAll(TimeSpan time);

    /// <summary>Nothing was learnt: one of those who wait asks.</summary>
    void GiveUp();
}
