using BenchmarkDotNet.Attributes;
using S3Proxy.Coalescing.Waking;

namespace S3Proxy.Micro;

/// <summary>What it costs to wait and to be woken, alone and among many who wait for other things.</summary>
[MemoryDiagnoser]
public class WakeHubBenchmarks
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private WakeHub<int> _hub = null!;
    private WakeToken<int> _token = null!;

    /// <summary>Others who wait, each for a key and a time of its own.</summary>
    [Params(0, 100_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _hub = Make();
        _token = _hub.Register(-1);
        for (int other = 0; other < Others; other++)
        {
            _hub.Register(other).WaitAsync(Long + TimeSpan.FromSeconds(other % 600), CancellationToken.None).AsTask();
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _hub.Dispose();

    /// <summary>Registers, waits, is woken and leaves.</summary>
    [Benchmark]
    public WakeReason RegisterWaitWake()
    {
        using WakeToken<int> token = _hub.Register(-2);
        return WaitAndWake(token);
    }

    /// <summary>Waits and is woken.</summary>
    [Benchmark]
    public WakeReason WaitWake() => WaitAndWake(_token);

    private static WakeHub<int> Make() => new(new WakeHubOptions(), TimeProvider.System);

    private WakeReason WaitAndWake(WakeToken<int> token)
    {
        ValueTask<WakeReason> wait = token.WaitAsync(Long, CancellationToken.None);
        _hub.Wake(token.Key, WakeReason.Completed);
        return wait.IsCompleted ? wait.Result : throw new InvalidOperationException("The wake did not end the wait.");
    }
}
