namespace S3Proxy.Telemetry.Latency;

/// <summary>
/// One histogram of durations by operation, outcome and tier. The series are a closed set, found by their number, and made when they are first used.
/// </summary>
/// <remarks>Thread-safe, takes no lock; recording allocates only the first time a series is used.</remarks>
internal sealed class LatencyFamily
{
    private readonly long[] _boundsTicks;
    private readonly LocalHistogram?[] _series = new LocalHistogram?[LatencyLabels.Count];

    /// <param name="name">Instrument name, such as <c>s3proxy.first_byte</c>.</param>
    /// <param name="description">What it tells, for HELP.</param>
    /// <param name="boundsSeconds">Upper bounds of the buckets, rising.</param>
    public LatencyFamily(string name, string description, double[] boundsSeconds)
    {
        Name = name;
        Description = description;
        BoundsSeconds = boundsSeconds;
        _boundsTicks = [.. boundsSeconds.Select(bound => (long)Math.Round(bound * TimeSpan.TicksPerSecond))];
    }

    /// <summary>Instrument name.</summary>
    public string Name { get; }

    /// <summary>What it tells.</summary>
    public string Description { get; }

    /// <summary>Upper bounds of the buckets, included; the last bucket has none.</summary>
    public IReadOnlyList<double> BoundsSeconds { get; }

    /// <summary>Counts a duration.</summary>
    public void Record(in LatencyLabels labels, TimeSpan duration)
    {
        ref LocalHistogram? series = ref _series[labels.Index];
        LocalHistogram histogram = Volatile.Read(ref series)
            ?? Interlocked.CompareExchange(ref series, new LocalHistogram(_boundsTicks), null) ?? Volatile.Read(ref series)!;
        histogram.Record(duration);
    }

    /// <summary>The series used so far.</summary>
    public IEnumerable<(LatencyLabels Labels, LocalHistogramSnapshot Snapshot)> Read()
    {
        for (int index = 0; index < _series.Length; index++)
        {
            if (Volatile.Read(ref _series[index]) is { } histogram)
            {
                yield return (LatencyLabels.At(index), histogram.Read());
            }
        }
    }
}
