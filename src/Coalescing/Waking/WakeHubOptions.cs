namespace S3Proxy.Coalescing.Waking;

/// <summary>Options of a <see cref="WakeHub{TKey}"/>. Immutable.</summary>
public sealed record WakeHubOptions
{
    /// <summary>How often those who wait look for themselves.</summary>
    public FallbackOptions Fallback { get; init; } = new();

    /// <summary>
    /// Part of the time to the next look that chance may take off, so that many replicas do not look at the same moment; 0 to 0.5. Default 0.2. Waits with a
    /// due time of their own are not touched.
    /// </summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Source of that chance, used under the hub's lock. A test gives one with a seed.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Fallback);
        ArgumentNullException.ThrowIfNull(Random);
        if (!(Jitter is >= 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(Jitter), Jitter, "The jitter is from 0 to 0.5.");
        }
    }
}
