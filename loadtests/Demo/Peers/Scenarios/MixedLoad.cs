using System.Globalization;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Demo.Scenarios;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Hits, ranges and objects that nobody has read before, all at once.</summary>
internal sealed class MixedLoad(PeersScale scale) : IPeerScenario
{
    private const int Connections = 64;
    private const double Exponent = 0.9;
    private const double RangeShare = 0.10;
    private const double ColdShare = 0.05;
    private const int ColdBytes = 16 << 10;
    private const int SmallestBytes = 1 << 10;
    private const int LargestBytes = 1 << 20;
    private static readonly TimeSpan OriginFirstByte = TimeSpan.FromMilliseconds(5);
    private readonly ZipfDistribution _popularity = new(scale.MixedObjects, Exponent);
    private long _cold;

    public string Name => "mixed";

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{scale.MixedObjects} objects of 1 KiB to 1 MiB by Zipf's law (exponent {Exponent}), that fit; {RangeShare:p0} of the requests want a range, {ColdShare:p0} an object of 16 KiB that nobody has read before; "
        + $"the origin's first byte comes after 5 ms; {Connections} connections in a closed loop. Every body is compared.");

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public bool IsAboutHits => true;

    public IReadOnlyList<string> Cells => ["Mixed"];

    public string? SkipReason => null;

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServersAsync(this, scale.BudgetBytes, cancellationToken);
        Random random = new(2);
        PeerObject[] objects =
        [
            .. Enumerable.Range(0, scale.MixedObjects).Select(number =>
                room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"mixed/{number}"), LogUniform.Next(random, SmallestBytes, LargestBytes))),
        ];
        foreach (PeerServer server in servers.Servers)
        {
            await room.VerifyHitsAsync(server, objects, cancellationToken);
        }

        room.Origin.FirstByteDelay = OriginFirstByte;
        try
        {
            await room.MeasureAsync(Name, Cells[0], servers, turn => PlayAsync(room, turn, objects, cancellationToken), cancellationToken);
        }
        finally
        {
            room.Origin.FirstByteDelay = TimeSpan.Zero;
        }
    }

    private async Task<Outcome> PlayAsync(Room room, Turn turn, PeerObject[] objects, CancellationToken cancellationToken)
    {
        Random random = new(turn.Round);
        ClosedLoop source = new(() => Next(room, turn.Server, objects, random), room.Options.Duration);
        return Outcome.Of(await room.PlayAsync(turn.Server.Endpoint, Connections, source, cancellationToken)) with { TellsHitRatio = true };
    }

    private Ask Next(Room room, PeerServer server, PeerObject[] objects, Random random)
    {
        double kind = random.NextDouble();
        if (kind < ColdShare)
        {
            return room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"mixed-cold/{_cold++}"), ColdBytes).Whole(server.Endpoint);
        }

        PeerObject item = objects[_popularity.Next(random)];
        if (kind > ColdShare + RangeShare)
        {
            return item.Whole(server.Endpoint);
        }

        long offset = random.NextInt64(item.Length);
        return item.Range(server.Endpoint, offset, 1 + random.NextInt64(item.Length - offset));
    }
}
