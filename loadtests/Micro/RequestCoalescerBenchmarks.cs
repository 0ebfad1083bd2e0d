using BenchmarkDotNet.Attributes;
using S3Proxy.Coalescing;

namespace S3Proxy.Micro;

/// <summary>What it costs to take part in a flight (requirement F1: uncontended acquire and release under 1 µs, no allocation beyond the flight).</summary>
[MemoryDiagnoser]
public class RequestCoalescerBenchmarks
{
    private readonly RequestCoalescer<int, string> _coalescer = new(new CoalescerOptions(), TimeProvider.System);
    private CoalescingGuard<int, string> _leader;

    [GlobalSetup]
    public void Setup() => _leader = _coalescer.Acquire(1);

    [GlobalCleanup]
    public void Cleanup() => _leader.Dispose();

    /// <summary>Makes a flight of its own key, ends it and leaves: it leaves the table with its end.</summary>
    [Benchmark(Baseline = true)]
    public bool AcquireAndCompleteAsLeader()
    {
        using CoalescingGuard<int, string> guard = _coalescer.Acquire(2);
        guard.Flight.Complete("done");
        return guard.IsLeader;
    }

    /// <summary>Makes a flight and leaves without an outcome, so that those who wait hear so.</summary>
    [Benchmark]
    public bool AcquireAndAbandonAsLeader()
    {
        using CoalescingGuard<int, string> guard = _coalescer.Acquire(3);
        return guard.IsLeader;
    }

    /// <summary>Joins a flight that is under way and leaves it.</summary>
    [Benchmark]
    public bool JoinAndLeaveAsFollower()
    {
        using CoalescingGuard<int, string> guard = _coalescer.Acquire(1);
        return guard.IsLeader;
    }
}
