using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Demo.Scenarios;

/// <summary>Plays one scenario and measures what it cost the origin.</summary>
internal sealed class ScenarioRunner(Stage stage, Func<long?> proxyMemoryBytes, TimeProvider timeProvider)
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    /// <param name="scenario">Not played before on this stage.</param>
    /// <param name="onBytes">Told of the body bytes of each read when it is over, from any thread.</param>
    /// <param name="cancellationToken">Ends the scenario's reads.</param>
    public async Task<ScenarioResult> RunAsync(IScenario scenario, Action<long> onBytes, CancellationToken cancellationToken)
    {
        scenario.Prepare(stage);
        OriginTraffic traffic = stage.Origin.Traffic;
        traffic.Reset();
        ReadTally tally = new();
        long started = timeProvider.GetTimestamp();
        await scenario.RunAsync(stage, outcome =>
        {
            tally.Add(outcome);
            onBytes(outcome.Bytes);
        }, cancellationToken);
        TimeSpan elapsed = timeProvider.GetElapsedTime(started);
        await WaitForOriginAsync(traffic, cancellationToken);
        return new ScenarioResult
        {
            Scenario = scenario,
            Reads = tally.Summarize(),
            Elapsed = elapsed,
            OriginGets = traffic.GetCount,
            OriginRequests = traffic.RequestCount,
            OriginBytes = traffic.BodyBytesSent,
            ProxyMemoryBytes = proxyMemoryBytes(),
        };
    }

    /// <summary>What the origin still sends belongs to the scenario, but a fetch that does not end must not hang the demo.</summary>
    private async Task WaitForOriginAsync(OriginTraffic traffic, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(IdleLimit, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await traffic.WaitForIdleAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Counted as far as it has come.
        }
    }
}
