using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Hits as fast as they go: a few objects of one size that all servers have in their cache.</summary>
internal sealed class HotSet(PeersScale scale) : IPeerScenario
{
    /// <summary>Each connection is to finish a body or two within a measurement, at a rate that small machines reach.</summary>
    private const double BytesPerSecond = 2d * 1024 * 1024 * 1024;

    public string Name => "hot";

    public string Description => "Hits in a closed loop by wrk, a few objects of one size in turn. Every body was compared, and seen to come from the cache, before. Bodies of 1 MiB and more count by the bytes that came.";

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public bool IsAboutHits => true;

    public IReadOnlyList<string> Cells => [.. scale.HotSizes.SelectMany(size => scale.Connections.Select(connections => CellOf(size.Bytes, connections)))];

    public string? SkipReason => Wrk.FindMissing();

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServersAsync(this, scale.BudgetBytes, cancellationToken);
        foreach ((long bytes, int count) in scale.HotSizes)
        {
            PeerObject[] objects = room.Objects.PutMany(string.Create(CultureInfo.InvariantCulture, $"hot-{bytes}"), count, bytes);
            string[] paths = [.. objects.Select(item => item.Path)];
            foreach (PeerServer server in servers.Servers)
            {
                await room.VerifyHitsAsync(server, objects, cancellationToken);
            }

            foreach (int connections in scale.Connections)
            {
                TimeSpan laps = TimeSpan.FromSeconds(bytes * connections / BytesPerSecond);
                TimeSpan duration = laps > room.Options.Duration ? laps : room.Options.Duration;
                await room.MeasureAsync(
                    Name, CellOf(bytes, connections), servers, turn => room.Wrk.RunAsync(turn.Server.Endpoint, paths, bytes, connections, duration, cancellationToken), cancellationToken);
            }
        }
    }

    private static string CellOf(long bytes, int connections) => string.Create(CultureInfo.InvariantCulture, $"{ByteSize.Format(bytes)} × {connections} connections");
}
