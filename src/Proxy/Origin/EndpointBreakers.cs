using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using S3Proxy.Fetching;

namespace S3Proxy.Origin;

/// <summary>
/// One circuit breaker an endpoint: when nearly all of its recent requests failed it is left alone for a second, then one request tries it (requirement R1). Thread-safe;
/// bounded by the endpoints of the configuration.
/// </summary>
/// <remarks>
/// The bound is high because an endpoint may be the only one: a proxy that refuses while half of the requests would succeed helps nobody. What opens it is an endpoint
/// that is gone.
/// </remarks>
internal sealed class EndpointBreakers(TimeProvider timeProvider)
{
    private const double FailureRatio = 0.8;
    private const int FewestRequests = 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Breaker> _breakers = new(StringComparer.Ordinal);

    /// <summary>True when requests to the endpoint would be refused now.</summary>
    public bool IsOpen(string endpoint) => _breakers.TryGetValue(endpoint, out Breaker? breaker) && breaker.State.CircuitState is CircuitState.Open or CircuitState.Isolated;

    /// <summary>Sends through the endpoint's breaker.</summary>
    /// <exception cref="FetchException"><see cref="FetchFailure.Unreachable"/>: the endpoint is left alone at the moment.</exception>
    public async Task<OriginAnswer> SendAsync(string endpoint, Func<CancellationToken, Task<OriginAnswer>> send, CancellationToken cancellationToken)
    {
        Breaker breaker = _breakers.GetOrAdd(endpoint, static (_, time) => Make(time), timeProvider);
        try
        {
            return await breaker.Pipeline.ExecuteAsync(static async (send, token) => await send(token), send, cancellationToken);
        }
        catch (BrokenCircuitException error)
        {
            throw new FetchException(FetchFailure.Unreachable, $"{endpoint} failed again and again and is left alone for {OpenFor.TotalSeconds:0} s.", error);
        }
    }

    /// <summary>Forgets endpoints that are not configured any more.</summary>
    public void Retain(IReadOnlySet<string> endpoints)
    {
        foreach (string endpoint in _breakers.Keys.Where(endpoint => !endpoints.Contains(endpoint)))
        {
            _breakers.TryRemove(endpoint, out _);
        }
    }

    private static Breaker Make(TimeProvider timeProvider)
    {
        CircuitBreakerStateProvider state = new();
        ResiliencePipelineBuilder<OriginAnswer> builder = new() { TimeProvider = timeProvider };
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<OriginAnswer>
        {
            FailureRatio = FailureRatio,
            MinimumThroughput = FewestRequests,
            SamplingDuration = Window,
            BreakDuration = OpenFor,
            StateProvider = state,
            ShouldHandle = static arguments => ValueTask.FromResult(IsFailure(arguments.Outcome)),
        });
        return new Breaker(builder.Build(), state);
    }

    /// <summary>An endpoint that asks for fewer requests is there; the limit of requests answers that.</summary>
    private static bool IsFailure(Outcome<OriginAnswer> outcome) =>
        outcome.Exception is FetchException { Failure: FetchFailure.Unreachable or FetchFailure.TimedOut } || outcome.Result?.Status is 500 or 502 or 504;

    private sealed record Breaker(ResiliencePipeline<OriginAnswer> Pipeline, CircuitBreakerStateProvider State);
}
