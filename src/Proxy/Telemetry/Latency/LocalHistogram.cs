using System.Numerics;

namespace S3Proxy.Telemetry.Latency;

/// <summary>
/// Counts durations by size, each processor in cells of its own that are added up when somebody looks (requirement K2). A histogram of the OpenTelemetry SDK takes a lock for each
/// value; this one takes two atomic additions to memory that no other processor writes.
/// </summary>
/// <remarks>
/// Thread-safe, takes no lock, allocates nothing after its construction. A snapshot taken while others record may tell the count of a value and not yet its sum.
/// </remarks>
internal sealed class LocalHistogram
{
    /// <summary>Two cache lines between the cells of two processors: prefetching takes lines by pairs.</summary>
    private const int PaddingCells = 16;

    private readonly long[] _boundsTicks;
    private readonly long[] _cells;
    private readonly int _stride;
    private readonly int _processorMask;

    /// <param name="boundsTicks">Upper bounds of the buckets, included, in ticks of 100 ns, rising. A last bucket without a bound is added.</param>
    public LocalHistogram(long[] boundsTicks)
    {
        _boundsTicks = boundsTicks;
        Buckets = boundsTicks.Length + 1;
        int processors = (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);
        _processorMask = processors - 1;
        _stride = (2 * Buckets) + PaddingCells;
        _cells = new long[processors * _stride];
    }

    /// <summary>How many buckets there are, the one without a bound included.</summary>
    public int Buckets { get; }

    /// <summary>Counts a duration; a negative one as zero.</summary>
    public void Record(TimeSpan duration)
    {
        long ticks = Math.Max(duration.Ticks, 0);
        int bucket = 0;
        while (bucket < _boundsTicks.Length && ticks > _boundsTicks[bucket])
        {
            bucket++;
        }

        int start = (Thread.GetCurrentProcessorId() & _processorMask) * _stride;
        Interlocked.Increment(ref _cells[start + bucket]);
        Interlocked.Add(ref _cells[start + Buckets + bucket], ticks);
    }

    /// <summary>How many durations fell into each bucket since the start, and what they come to together, in ticks.</summary>
    public LocalHistogramSnapshot Read()
    {
        long[] counts = new long[Buckets];
        long[] sums = new long[Buckets];
        for (int start = 0; start < _cells.Length; start += _stride)
        {
            for (int bucket = 0; bucket < Buckets; bucket++)
            {
                counts[bucket] += Interlocked.Read(ref _cells[start + bucket]);
                sums[bucket] += Interlocked.Read(ref _cells[start + Buckets + bucket]);
            }
        }

        return new LocalHistogramSnapshot(counts, sums);
    }
}
