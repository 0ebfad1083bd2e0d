namespace S3Proxy.Caching.Memory;

/// <summary>Those who are known to be on their way to slices, such as the readers of a run. Thread-safe, and calls nothing while it answers.</summary>
internal interface ISliceAudience
{
    /// <summary>True when somebody who has not come to slice <paramref name="index"/> yet will want it.</summary>
    bool Awaits(int index);
}
