namespace S3Proxy.Commands.Bench;

/// <summary>Latencies in buckets that are 2 % wide, from a microsecond to three hours. Not thread-safe.</summary>
internal sealed class LatencyHistogram
{
    private const double Growth = 1.02;
    private const int Buckets = 1170;
    private static readonly double LogGrowth = Math.Log(Growth);

    private readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan latency)
    {
        _counts[Math.Clamp((int)(Math.Log(Math.Max(latency.TotalMicroseconds, 1)) / LogGrowth), 0, Buckets - 1)]++;
        Count++;
        Max = latency > Max ? latency : Max;
    }

    public void Add(LatencyHistogram other)
    {
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>What a share of the latencies does not exceed, at most 2 % too long; null without any.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan? Quantile(double share)
    {
        if (Count == 0)
        {
            return null;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        int bucket = -1;
        while (rank > 0)
        {
            rank -= _counts[++bucket];
        }

        TimeSpan end = TimeSpan.FromMicroseconds(Math.Pow(Growth, bucket + 1));
        return end < Max ? end : Max;
    }
}
