using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Scenarios;
using S3Proxy.Demo.Processes;
using S3Proxy.Reporting;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Demo.Peers;

/// <summary>Plays scenarios one after the other on the same servers.</summary>
/// <param name="options">What is compared.</param>
/// <param name="scenarios">In order.</param>
internal sealed class PeersComparison(PeersOptions options, IReadOnlyList<IPeerScenario> scenarios)
{
    private const string Interrupted = "interrupted; what had been measured until then is told";

    /// <summary>
    /// Measures everything. A scenario in which a server does not start, or is not fit to be measured, is given up; the others go on. When it is interrupted, the result is what was
    /// measured until then, which the faults say.
    /// </summary>
    /// <param name="keepAsync">Gets what there is so far, after each scenario, so that little is lost when the process is killed.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public async Task<PeersResult> RunAsync(Func<PeersResult, Task> keepAsync, CancellationToken cancellationToken)
    {
        IPeerScenario[] played = [.. scenarios.Where(scenario => scenario.SkipReason is null)];
        int rounds = options.Rounds + (options.IsShort ? 0 : 1);
        PeersProgress progress = new(played.Sum(scenario => scenario.CountTurns(options, rounds)));
        string loadAtStart = Machine.LoadAverage();
        progress.Tell($"load average {loadAtStart}: on a machine with other work to do, only ratios mean something");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("s3proxy-peers");
        try
        {
            await using EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { Buckets = [PeerObjects.Bucket], MaxRecordedRequests = 0 });
            Room room = new(options, origin, progress, directory.FullName);
            Dictionary<string, string> broken = [];
            PeersResult result = new(options, scenarios, room.Samples, broken, loadAtStart);
            foreach (IPeerScenario scenario in scenarios)
            {
                progress.Tell(scenario.SkipReason is { } reason ? $"{scenario.Name}: skipped: {reason}" : scenario.Name);
                if (await PlayAsync(scenario, room, cancellationToken) is { } failure)
                {
                    broken.Add(scenario.Name, failure);
                }

                await keepAsync(result);
            }

            return result;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Why the scenario was given up; null when it was played, or is to be skipped.</summary>
    private static async Task<string?> PlayAsync(IPeerScenario scenario, Room room, CancellationToken cancellationToken)
    {
        if (scenario.SkipReason is not null)
        {
            return null;
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await scenario.RunAsync(room, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is WrongPeerException or ProxyStartException)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
    }
}
