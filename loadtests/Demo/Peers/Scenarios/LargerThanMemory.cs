using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Demo.Scenarios;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>
/// Popularity by Zipf's law over objects that do not all fit: what a server keeps decides how often it must ask. Twice: with one budget for all, and with a budget for this proxy that lets it take as much memory as
/// the thriftiest of the others was seen to take with theirs.
/// </summary>
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
        $"{scale.ZipfObjects} objects of 1 KiB to 64 KiB, popularity by Zipf's law (exponent {Exponent}), {ByteSize.Format(scale.ZipfBudgetBytes)} for cached objects (the second time more for this proxy, until it takes as much memory as the thriftiest other), {Connections} connections in a closed loop, "
        + $"after {scale.ZipfWarmUpRequests} requests that fill the caches. Hit ratio: 1 - origin requests / requests; nginx trims its cache every ten seconds only, and holds more meanwhile. Every body is compared.");

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public bool IsAboutHits => true;

    public IReadOnlyList<string> Cells => ["Zipf, equal budgets", "Zipf, equal memory"];

    public string? SkipReason => null;

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        Random random = new(1);
        PeerObject[] objects =
        [
            .. Enumerable.Range(0, scale.ZipfObjects).Select(number =>
                room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"zipf/{number}"), LogUniform.Next(random, SmallestBytes, LargestBytes))),
        ];
        await MeasureAsync(room, Cells[0], objects, scale.ZipfBudgetBytes, cancellationToken);
        await MeasureAsync(room, Cells[1], objects, scale.ZipfBudgetBytes + SparedBytes(room), cancellationToken);
    }

    /// <summary>What this proxy has taken less than the thriftiest of the others; nothing where it has taken more, or is alone.</summary>
    private long SparedBytes(Room room)
    {
        HashSet<string> own = [.. room.Options.Servers.OfType<S3ProxyKind>().Select(kind => kind.Name)];
        ILookup<bool, long> peaks = room.Samples.Where(sample => sample.Scenario == Name)
            .GroupBy(sample => sample.Server, (server, samples) => (IsOwn: own.Contains(server), Bytes: samples.Max(sample => sample.MemoryBytes)))
            .ToLookup(server => server.IsOwn, server => server.Bytes);
        return peaks[true].Any() && peaks[false].Any() ? Math.Max(0, peaks[false].Min() - peaks[true].Max()) : 0;
    }

    private async Task MeasureAsync(Room room, string cell, PeerObject[] objects, long ownBudgetBytes, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServersAsync(this, kind => kind is S3ProxyKind ? ownBudgetBytes : scale.ZipfBudgetBytes, cancellationToken);
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
            cell,
            servers,
            async turn => Outcome.Of(await PlayAsync(room, turn.Server, objects, 1 + turn.Round, room.Options.Duration, long.MaxValue, cancellationToken)) with { TellsHitRatio = true },
            cancellationToken,
            warmsUpLong: false);
    }

    private Task<LoadResult> PlayAsync(Room room, PeerServer server, PeerObject[] objects, int seed, TimeSpan duration, long count, CancellationToken cancellationToken)
    {
        Random random = new(seed);
        return room.PlayAsync(
            server.Endpoint, Connections, new ClosedLoop(() => objects[_popularity.Next(random)].Whole(server.Endpoint), duration, count), cancellationToken);
    }
}
