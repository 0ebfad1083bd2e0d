using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers.Memory;

/// <summary>
/// Measures servers that take the same memory in fact, whatever their budgets mean: each is started, filled and measured alone, with a budget that is corrected by what its peak was off, until the peak is the
/// target. All are asked the same in the same order. Not thread-safe.
/// </summary>
/// <param name="room">Where they are compared.</param>
/// <param name="scenario">Name of the scenario.</param>
/// <param name="scale">Requests and attempts.</param>
internal sealed class EqualMemory(Room room, string scenario, PeersScale scale)
{
    private const long LeastBudgetBytes = 16 * ByteSize.MiB;

    private readonly Dictionary<string, BudgetSearch> _searches = [];

    /// <summary>Measures every server, and keeps the attempt of each that came nearest to the target.</summary>
    /// <exception cref="WrongPeerException">A server does not answer as it should.</exception>
    public async Task MeasureAsync(MemoryCell cell, CancellationToken cancellationToken)
    {
        foreach (IServerKind kind in room.Options.ServersFor(isAboutHits: false))
        {
            room.Keep(await FitAsync(kind, cell, cancellationToken));
        }
    }

    private async Task<IReadOnlyList<PeerSample>> FitAsync(IServerKind kind, MemoryCell cell, CancellationToken cancellationToken)
    {
        if (!_searches.TryGetValue(kind.Name, out BudgetSearch? search))
        {
            _searches.Add(kind.Name, search = new BudgetSearch(kind.Cost, LeastBudgetBytes));
        }

        List<IReadOnlyList<PeerSample>> whole = [];
        for (int attempt = 1; attempt <= scale.MemoryAttempts; attempt++)
        {
            MemoryFit wanted = new(cell.TargetBytes, search.Propose(cell.TargetBytes), PeakBytes: 0);
            (MemoryFit fit, IReadOnlyList<PeerSample> samples) = await TryAsync(kind, cell, wanted, attempt == scale.MemoryAttempts, cancellationToken);
            search.Learn(fit.BudgetBytes, fit.PeakBytes);
            room.Progress.Tell(string.Create(
                CultureInfo.InvariantCulture,
                $"{scenario}, {cell.Name}, {kind.Name}: budget {ByteSize.Format(fit.BudgetBytes)}, peak {ByteSize.Format(fit.PeakBytes)}, {fit.Surplus * 100:0.0} % off the target"));
            if (samples.Count == room.Options.Rounds)
            {
                whole.Add(samples);
                if (fit.IsMet)
                {
                    break;
                }
            }
        }

        return whole.MinBy(samples => Math.Abs(samples[0].Fit!.Surplus))!;
    }

    /// <summary>One attempt; without samples of all rounds where it was given up because the peak was above the target.</summary>
    private async Task<(MemoryFit Fit, IReadOnlyList<PeerSample> Samples)> TryAsync(
        IServerKind kind, MemoryCell cell, MemoryFit wanted, bool isLast, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServerAsync(kind, wanted.BudgetBytes, cell.Load.MeanBytes, cancellationToken);
        PeerServer server = servers.Servers[0];
        room.Progress.Tell(string.Create(CultureInfo.InvariantCulture, $"{scenario}: filling {server.Name} with a budget of {ByteSize.Format(wanted.BudgetBytes)}"));
        await cell.Load.FillAsync(room, server, cell.FillRequests, cancellationToken);
        List<PeerSample> samples = [];
        List<long> bodies = [];
        MemoryWatch watch = new(() => server.MemoryBytes, TimeProvider.System);
        await using (watch)
        {
            for (int round = 1; round <= room.Options.Rounds && (isLast || (wanted with { PeakBytes = watch.PeakBytes }).Surplus <= MemoryFit.Tolerance); round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                samples.Add(await room.TakeTurnAsync(scenario, cell.Name, server, round, turn => PlayAsync(turn, cell, cancellationToken), cancellationToken));
                bodies.Add(await server.CountBodiesAsync(cancellationToken));
            }
        }

        MemoryFit fit = wanted with { PeakBytes = watch.PeakBytes };

        // None of the servers looks at sizes when it chooses what to keep, so that what they keep has the mean size. nginx has now more, now less.
        ReplayedRatios[]? replayed = samples.Count < room.Options.Rounds
            ? null
            : cell.Load.Replay((long)(bodies.Average() * cell.Load.MeanBytes), cell.FillRequests, room.Options.Rounds, scale.MemoryRoundRequests);
        return (fit, [.. samples.Select((sample, index) => sample with { Fit = fit, Replayed = replayed?[index] })]);
    }

    private async Task<Outcome> PlayAsync(Turn turn, MemoryCell cell, CancellationToken cancellationToken) =>
        Outcome.Of(await cell.Load.PlayAsync(room, turn.Server, ZipfLoad.FillSeed + turn.Round, TimeSpan.MaxValue, scale.MemoryRoundRequests, cancellationToken)) with { TellsHitRatio = true };
}
