using System.Numerics;

namespace S3Proxy.Telemetry;

/// <summary>A fixed set of counters, each processor in cells of its own that are added up when somebody looks (requirement K2).</summary>
/// <remarks>Thread-safe, takes no lock, allocates nothing after its construction.</remarks>
internal sealed class LocalCounters
{
    private const int PaddingCells = 16;

    private readonly long[] _cells;
    private readonly int _stride;
    private readonly int _processorMask;

    /// <param name="count">How many counters.</param>
    public LocalCounters(int count)
    {
        int processors = (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);
        _processorMask = processors - 1;
        _stride = count + PaddingCells;
        _cells = new long[processors * _stride];
    }

    /// <summary>Adds to a counter.</summary>
    public void Add(int counter, long amount) =>
        Interlocked.Add(ref _cells[((Thread.GetCurrentProcessorId() & _processorMask) * _stride) + counter], amount);

    /// <summary>What was added to a counter.</summary>
    public long Read(int counter)
    {
        long sum = 0;
        for (int cell = counter; cell < _cells.Length; cell += _stride)
        {
            sum += Interlocked.Read(ref _cells[cell]);
        }

        return sum;
    }
}
