using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Ranges at random places of one large cold object: what a range costs the origin.</summary>
internal sealed class RandomRanges(PeersScale scale) : IPeerScenario
{
    private const int Connections = 32;
    private const long SliceBytes = ByteSize.MiB;
    private const int RangeBytes = 1 << 20;
    private static readonly TimeSpan OriginFirstByte = TimeSpan.FromMilliseconds(20);

    public string Name => "ranges";

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{scale.RangeRequests} ranges of 1 MiB at random places of a cold object of {ByteSize.Format(scale.RangeObjectBytes)} by {Connections} connections in a closed loop, a new object each turn, "
        + $"memory for all of them, so that nothing is fetched twice for lack of room; the origin's first byte comes after 20 ms. Slices of 1 MiB (s3proxy, nginx); Varnish has none and passes ranges on. Every body is compared.");

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public IReadOnlyList<string> Cells => ["Random ranges"];

    public string? SkipReason => null;

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        // One object a round, that of the round that warms up, and room to spare.
        long budgetBytes = scale.RangeObjectBytes * (room.Options.Rounds + 2);
        await using ServerSet servers = await room.StartServersAsync(this, budgetBytes, cancellationToken);
        room.Origin.FirstByteDelay = OriginFirstByte;
        try
        {
            await room.MeasureAsync(Name, Cells[0], servers, turn => PlayAsync(room, turn, cancellationToken), cancellationToken, warmsUpLong: false);
        }
        finally
        {
            room.Origin.FirstByteDelay = TimeSpan.Zero;
        }
    }

    private async Task<Outcome> PlayAsync(Room room, Turn turn, CancellationToken cancellationToken)
    {
        PeerObject item = room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"ranges/{turn.Number}"), scale.RangeObjectBytes);
        Random random = new(turn.Round);
        HashSet<long> slices = [];
        ClosedLoop source = new(
            () =>
            {
                long offset = random.NextInt64(item.Length - RangeBytes + 1);
                slices.Add(offset / SliceBytes);
                slices.Add((offset + RangeBytes - 1) / SliceBytes);
                return item.Range(turn.Server.RangeEndpoint, offset, RangeBytes);
            },
            TimeSpan.MaxValue,
            scale.RangeRequests);
        LoadResult result = await room.PlayAsync(turn.Server.RangeEndpoint, Connections, source, cancellationToken);
        return Outcome.Of(result) with { SliceBytes = slices.Count * SliceBytes };
    }
}
