using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Slow readers begin on a cold object; fast ones come and want the same: nobody may be held up by them.</summary>
internal sealed class BesideSlowReaders(PeersScale scale) : IPeerScenario
{
    private const int FastReaders = 8;
    private const int SlowBytesPerSecond = 1 << 20;
    private const long OriginBytesPerSecond = 64 * ByteSize.MiB;
    private static readonly TimeSpan OriginFirstByte = TimeSpan.FromMilliseconds(20);

    public string Name => "slow";

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{scale.SlowReaders} slow readers (1 MiB/s each, windows of 64 KiB) begin on a cold object of {ByteSize.Format(scale.SlowBytes)}, from an origin of 64 MiB/s and 20 ms; {FastReaders} fast ones "
        + $"read the same object in a closed loop from then on. The figures are those of the fast ones, CPU is of all. Every body is compared.");

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public IReadOnlyList<string> Cells => ["Fast readers beside slow ones"];

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
        Ask ask = room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"slow/{turn.Number}"), scale.SlowBytes).Whole(turn.Server.Endpoint);
        SlowReaders slow = new(turn.Server.Endpoint, room.Objects.Content, SlowBytesPerSecond);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task slowReads = slow.RunAsync(scale.SlowReaders, ask, stop.Token);
        LoadResult fast = await room.PlayAsync(turn.Server.Endpoint, FastReaders, new ClosedLoop(() => ask, room.Options.Duration), cancellationToken);
        await stop.CancelAsync();
        await slowReads;
        return Outcome.Of(fast) with { Errors = fast.Errors + slow.Errors, FirstError = fast.FirstError ?? slow.FirstError };
    }
}
