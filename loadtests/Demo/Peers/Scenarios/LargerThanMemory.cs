using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Demo.Scenarios;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Popularity by Zipf's law over objects that do not all fit: what a server keeps decides how often it must ask.</summary>
internal sealed class LargerThanMemory(PeersScale scale) : IPeerScenario
{
    private const int Connections = 64;
    private const double Exponent = 0.9;
    private const int SmallestBytes = 1 << 10;
    private const int LargestBytes = 1 << 16;
    private readonly ZipfDistribution _popularity = new(scale.ZipfObjects, Exponent);

    public string Name => "zipf";

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{scale.ZipfObjects} objects of 1 KiB to 64 KiB, popularity by Zipf's law (exponent {Exponent}), {ByteSize.Format(scale.ZipfBudgetBytes)} for cached objects, {Connections} connections in a closed loop, "
        + $"after {scale.ZipfWarmUpRequests} requests that fill the caches. Hit ratio: 1 - origin requests / requests; nginx trims its cache every ten seconds only, and holds more meanwhile. Every body is compared.");

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public bool IsAboutHits => true;

    public IReadOnlyList<string> Cells => ["Zipf"];

    public string? SkipReason => null;

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServersAsync(this, scale.ZipfBudgetBytes, cancellationToken);
        Random random = new(1);
        PeerObject[] objects =
        [
            .. Enumerable.Range(0, scale.ZipfObjects).Select(number =>
                room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"zipf/{number}"), LogUniform.Next(random, SmallestBytes, LargestBytes))),
        ];
        foreach (PeerServer server in servers.Servers)
        {
            room.Progress.Tell($"{Name}: filling {server.Name}");
            LoadResult filled = await PlayAsync(room, server, objects, seed: 0, TimeSpan.MaxValue, scale.ZipfWarmUpRequests, cancellationToken);
            if (filled.Errors > 0)
            {
                throw new WrongPeerException($"{server.Name} does not answer as it should: {filled.FirstError}");
            }
        }

        await room.MeasureAsync(
            Name,
            Cells[0],
            servers,
            async turn => Outcome.Of(await PlayAsync(room, turn.Server, objects, 1 + turn.Round, room.Options.Duration, long.MaxValue, cancellationToken)) with { TellsHitRatio = true },
            cancellationToken);
    }

    private Task<LoadResult> PlayAsync(Room room, PeerServer server, PeerObject[] objects, int seed, TimeSpan duration, long count, CancellationToken cancellationToken)
    {
        Random random = new(seed);
        return room.PlayAsync(
            server.Endpoint, Connections, new ClosedLoop(() => objects[_popularity.Next(random)].Whole(server.Endpoint), duration, count), cancellationToken);
    }
}
