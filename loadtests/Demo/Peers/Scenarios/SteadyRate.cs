using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>How long hits take at a rate that all servers can serve: half of what the best peer can do.</summary>
internal sealed class SteadyRate(PeersScale scale) : IPeerScenario
{
    private const int Connections = 64;
    private const double Share = 0.5;

    public string Name => "steady";

    public string Description =>
        "Hits at a constant rate, half of the best peer's highest (by wrk, just before), in an open loop: each request has a time at which it is due, and is timed from then on, "
        + "whenever it could be sent. Every body is compared.";

    public ComparedBy ComparedBy => ComparedBy.P99;

    public bool IsAboutHits => true;

    public IReadOnlyList<string> Cells => [.. scale.SteadySizes.Select(size => CellOf(size.Bytes))];

    public string? SkipReason => scale.SteadyRate is null ? Wrk.FindMissing() : null;

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServersAsync(this, scale.BudgetBytes, cancellationToken);
        foreach ((long bytes, int count) in scale.SteadySizes)
        {
            PeerObject[] objects = room.Objects.PutMany(string.Create(CultureInfo.InvariantCulture, $"steady-{bytes}"), count, bytes);
            foreach (PeerServer server in servers.Servers)
            {
                await room.VerifyHitsAsync(server, objects, cancellationToken);
            }

            double rate = scale.SteadyRate ?? (Share * await HighestRateAsync(room, servers, objects, cancellationToken));
            room.Progress.Tell(string.Create(CultureInfo.InvariantCulture, $"{Name}, {CellOf(bytes)}: {rate:0} requests/s"));
            await room.MeasureAsync(Name, CellOf(bytes), servers, turn => PlayAsync(room, turn, objects, rate, cancellationToken), cancellationToken);
        }
    }

    private static async Task<Outcome> PlayAsync(Room room, Turn turn, PeerObject[] objects, double rate, CancellationToken cancellationToken)
    {
        Ask[] asks = [.. objects.Select(item => item.Whole(turn.Server.Endpoint))];
        int next = 0;
        OpenLoop source = new(() => asks[next++ % asks.Length], TimeSpan.FromSeconds(1 / rate), (long)(rate * room.Options.Duration.TotalSeconds));
        return Outcome.Of(await room.PlayAsync(turn.Server.Endpoint, Connections, source, cancellationToken));
    }

    /// <summary>Of the peers; of this proxy where there is no other.</summary>
    private static async Task<double> HighestRateAsync(Room room, ServerSet servers, PeerObject[] objects, CancellationToken cancellationToken)
    {
        string[] paths = [.. objects.Select(item => item.Path)];
        HashSet<string> own = [.. room.Options.Servers.OfType<S3ProxyKind>().Select(kind => kind.Name)];
        PeerServer[] peers = [.. servers.Servers.Where(server => !own.Contains(server.Name))];
        double highest = 0;
        foreach (PeerServer server in peers.Length > 0 ? peers : servers.Servers)
        {
            Outcome outcome = await room.Wrk.RunAsync(server.Endpoint, paths, objects[0].Length, Connections, room.Options.Duration, cancellationToken);
            highest = Math.Max(highest, outcome.RequestsPerSecond);
        }

        return highest;
    }

    private static string CellOf(long bytes) => ByteSize.Format(bytes);
}
