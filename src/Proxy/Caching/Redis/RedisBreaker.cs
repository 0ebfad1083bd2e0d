using Polly;
using Polly.CircuitBreaker;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Leaves Redis alone for a second when three commands failed one after the other, then lets one command try (requirement W8). Thread-safe.
/// </summary>
internal sealed class RedisBreaker
{
    private const int FailuresInARow = 3;
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(1);

    // Longer than three commands take: Polly wants to have seen two before it opens.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _timeProvider;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly ResiliencePipeline _pipeline;
    private int _failures;
    private long _openedAt;

    public RedisBreaker(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        ResiliencePipelineBuilder builder = new() { TimeProvider = timeProvider };
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // A share of failures would wait for the successes before them to grow old. So they are counted here, and only the last of a row is shown to Polly.
            FailureRatio = 0,
            MinimumThroughput = 2,
            SamplingDuration = Window,
            BreakDuration = OpenFor,
            StateProvider = _state,
            ManualControl = _control,
            ShouldHandle = arguments => ValueTask.FromResult(IsLastStraw(arguments.Outcome.Exception)),
            OnOpened = _ =>
            {
                Volatile.Write(ref _openedAt, _timeProvider.GetTimestamp());
                return ValueTask.CompletedTask;
            },
        });
        _pipeline = builder.Build();
    }

    /// <summary>True while commands would fail at once. False again when it is time to try: who looks here before sending must not keep it open for ever.</summary>
    public bool IsOpen =>
        _state.CircuitState is CircuitState.Open && _timeProvider.GetElapsedTime(Volatile.Read(ref _openedAt)) < OpenFor;

    /// <summary>Runs a command.</summary>
    /// <exception cref="RedisUnavailableException">What <paramref name="command"/> throws, or that it was not tried.</exception>
    public async ValueTask<T> ExecuteAsync<TState, T>(Func<TState, CancellationToken, ValueTask<T>> command, TState state, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(command, state, cancellationToken);
        }
        catch (BrokenCircuitException error)
        {
            throw new RedisUnavailableException($"Redis failed again and again and is left alone for {OpenFor.TotalSeconds:0} s.", error) { Result = RedisCallResult.NotTried };
        }
    }

    /// <summary>Lets commands through: the connection is back.</summary>
    public void Close() => _ = _control.CloseAsync(CancellationToken.None);

    private bool IsLastStraw(Exception? error)
    {
        switch (error)
        {
            case RedisUnavailableException { Result: RedisCallResult.TimedOut or RedisCallResult.Unreachable or RedisCallResult.Unable }:
                return Interlocked.Increment(ref _failures) >= FailuresInARow;
            case OperationCanceledException:
                // Says nothing of the server.
                return false;
            default:
                Volatile.Write(ref _failures, 0);
                return false;
        }
    }
}
