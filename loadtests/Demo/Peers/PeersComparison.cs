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
    /// <summary>Measures everything. A scenario in which a server does not start, or is not fit to be measured, is given up; the others go on.</summary>
    public async Task<PeersResult> RunAsync(CancellationToken cancellationToken)
    {
        IPeerScenario[] played = [.. scenarios.Where(scenario => scenario.SkipReason is null)];
        int rounds = options.Rounds + (options.IsShort ? 0 : 1);
        PeersProgress progress = new(played.Sum(scenario => scenario.Cells.Count * scenario.CountServers(options)) * rounds);
        string loadAtStart = Machine.LoadAverage();
        progress.Tell($"load average {loadAtStart}: on a machine with other work to do, only ratios mean something");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("s3proxy-peers");
        try
        {
            await using EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { Buckets = [PeerObjects.Bucket], MaxRecordedRequests = 0 });
            Room room = new(options, origin, progress, directory.FullName);
            Dictionary<string, string> broken = [];
            foreach (IPeerScenario scenario in scenarios)
            {
                progress.Tell(scenario.SkipReason is { } reason ? $"{scenario.Name}: skipped: {reason}" : scenario.Name);
                try
                {
                    await (scenario.SkipReason is null ? scenario.RunAsync(room, cancellationToken) : Task.CompletedTask);
                }
                catch (Exception failure) when (failure is WrongPeerException or ProxyStartException)
                {
                    broken.Add(scenario.Name, failure.Message);
                }
            }

            return new PeersResult(options, scenarios, room.Samples, broken, loadAtStart);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
