using BenchmarkDotNet.Attributes;
using S3Proxy.Coalescing.Batching;

namespace S3Proxy.Micro;

/// <summary>What a request pays for being batched when there is nobody to share a round trip with (requirement B1: no added latency in an idle lane).</summary>
[MemoryDiagnoser]
public class BatcherBenchmarks
{
    private static readonly Task<IReadOnlyList<BatchResult<int>>> Answer = Task.FromResult<IReadOnlyList<BatchResult<int>>>([BatchResult.Of(1)]);
    private static readonly int[] One = [7];

    private readonly Batcher<int, int> _batcher = Make(isEnabled: true);
    private readonly Batcher<int, int> _direct = Make(isEnabled: false);
    private readonly Func<IReadOnlyList<int>, CancellationToken, Task<IReadOnlyList<BatchResult<int>>>> _send = (_, _) => Answer;

    [GlobalCleanup]
    public void Cleanup()
    {
        _batcher.Dispose();
        _direct.Dispose();
    }

    /// <summary>The send delegate alone, which answers at once.</summary>
    [Benchmark(Baseline = true)]
    public async Task<int> Send() => (await _send(One, CancellationToken.None))[0].Result;

    /// <summary>A lone request through an idle lane.</summary>
    [Benchmark]
    public ValueTask<int> AskInIdleLane() => _batcher.AskAsync(7, CancellationToken.None);

    /// <summary>The same with batching off.</summary>
    [Benchmark]
    public ValueTask<int> AskWithoutBatching() => _direct.AskAsync(7, CancellationToken.None);

    private static Batcher<int, int> Make(bool isEnabled) =>
        new(new BatcherOptions { IsEnabled = isEnabled }, (_, _) => Answer, laneOf: null, orphan: null, TimeProvider.System);
}
