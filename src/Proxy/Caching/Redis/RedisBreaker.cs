using Polly;
using Polly.CircuitBreaker;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Leaves Redis alone for a second when every command of the last moment failed, then lets one command try (requirement W8). Thread-safe.
/// </summary>
internal sealed class RedisBreaker
{
    private const int FewestCommands = 3;
    private const int TimeoutsInWindow = 6;
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _timeProvider;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly ResiliencePipeline _pipeline;
    private long _openedAt;

    /// <param name="timeout">Bound on a command: some of them fit in the moment that is looked at.</param>
    /// <param name="timeProvider">Tells the time.</param>
    public RedisBreaker(TimeSpan timeout, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        ResiliencePipelineBuilder builder = new() { TimeProvider = timeProvider };
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = FewestCommands,
            SamplingDuration = timeout * TimeoutsInWindow > ShortestWindow ? timeout * TimeoutsInWindow : ShortestWindow,
            BreakDuration = OpenFor,
            StateProvider = _state,
            ManualControl = _control,
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is RedisUnavailableException { Result: RedisCallResult.TimedOut or RedisCallResult.Unreachable or RedisCallResult.Unable }),
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
}
