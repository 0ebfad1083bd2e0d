using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Many clients want one object that nobody has read before, from an origin that takes its time.</summary>
/// <param name="scale">How many clients and bytes.</param>
/// <param name="apart">From one client to the next; zero: all at once.</param>
internal sealed class ColdHerd(PeersScale scale, TimeSpan apart) : IPeerScenario
{
    private const long OriginBytesPerSecond = 16 * ByteSize.MiB;
    private static readonly TimeSpan OriginFirstByte = TimeSpan.FromMilliseconds(100);

    public string Name => apart == TimeSpan.Zero ? "herd" : "staggered";

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{scale.HerdClients} clients, {(apart == TimeSpan.Zero ? "all at once" : $"one every {apart.TotalMilliseconds:0.#} ms")}, read one cold object of {ByteSize.Format(scale.HerdBytes)}; "
        + $"the origin's first byte comes after 100 ms, the others at 16 MiB/s. One origin GET is enough, and nobody need wait for the whole body. Every body is compared.");

    public ComparedBy ComparedBy => ComparedBy.FirstByteP99;

    public IReadOnlyList<string> Cells => [apart == TimeSpan.Zero ? "Cold herd" : "Staggered cold herd"];

    public string? SkipReason => null;

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServersAsync(this, scale.BudgetBytes, cancellationToken);
        room.Origin.FirstByteDelay = OriginFirstByte;
        room.Origin.BytesPerSecond = OriginBytesPerSecond;
        try
        {
            await room.MeasureAsync(Name, Cells[0], servers, turn => PlayAsync(room, turn, cancellationToken), cancellationToken, warmsUpLong: false);
        }
        finally
        {
            room.Origin.FirstByteDelay = TimeSpan.Zero;
            room.Origin.BytesPerSecond = null;
        }
    }

    private async Task<Outcome> PlayAsync(Room room, Turn turn, CancellationToken cancellationToken)
    {
        Ask ask = room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"{Name}/{turn.Number}"), scale.HerdBytes).Whole(turn.Server.Endpoint);
        return Outcome.Of(await room.PlayAsync(turn.Server.Endpoint, scale.HerdClients, new OpenLoop(() => ask, apart, scale.HerdClients), cancellationToken));
    }
}
