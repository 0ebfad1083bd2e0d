using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Memory;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Demo.Scenarios;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>
/// Popularity by Zipf's law over objects that do not all fit: what a server keeps decides how often it must ask. With one budget for all, whatever each makes of it; and with budgets that make all of them take
/// the same memory in fact.
/// </summary>
internal sealed class LargerThanMemory(PeersScale scale) : IPeerScenario
{
    private const double Exponent = 0.9;
    private const int SmallestBytes = 1 << 10;
    private const int LargestBytes = 1 << 16;

    /// <summary>Attempts that it takes to find a budget, about.</summary>
    private const int UsualAttempts = 2;

    public string Name => "zipf";

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Objects of 1 KiB to 64 KiB, popularity by Zipf's law (exponent {Exponent}), 64 connections in a closed loop. Hit ratio: 1 - origin requests / requests. Every body is compared.

        - Equal budgets: {scale.ZipfObjects} objects, {ByteSize.Format(scale.ZipfBudgetBytes)} for cached objects, after {scale.ZipfWarmUpRequests} requests that fill the caches. No server takes just its budget; nginx trims its cache every ten seconds only.
        - Equal memory: each server alone, with the budget that was found to make its peak what all are to have: the most that its processes and the files of its cache took while it was measured, read ten times a second or so, {MemoryFit.Tolerance:0 %} more or less. What a process
          takes whatever its budget is part of it. nginx is bounded by the number of keys, which it keeps to at once; every ten seconds it clears an eighth. All answer the same {scale.MemoryRoundRequests} requests a round, after the same {scale.MemoryFillsEach} for each object that fill the caches.
          Content is the number of bodies in the cache (mean over the rounds) times the mean size of an object. Beside it stands what the same requests come to, replayed, with as many bytes of bodies and nothing else: with exact LRU, with the most popular objects and no others, and with those that promise the most requests a byte,
          which is the most that can be had where popularity does not change.
        """);

    public ComparedBy ComparedBy => ComparedBy.HitRatio;

    public bool IsAboutHits => true;

    public IReadOnlyList<string> Cells => ["Zipf, equal budgets", .. scale.MemoryTargets.Select(CellOf)];

    public string? SkipReason => null;

    public int CountTurns(PeersOptions options, int rounds) =>
        (options.ServersFor(IsAboutHits).Count * rounds) + (scale.MemoryTargets.Count * options.ServersFor(isAboutHits: false).Count * options.Rounds * UsualAttempts);

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        Random random = new(1);
        int count = Math.Max(scale.ZipfObjects, scale.MemoryTargets.Max(target => target.Objects));
        PeerObject[] objects =
        [
            .. Enumerable.Range(0, count).Select(number =>
                room.Objects.Put(string.Create(CultureInfo.InvariantCulture, $"zipf/{number}"), LogUniform.Next(random, SmallestBytes, LargestBytes))),
        ];
        await MeasureEqualBudgetsAsync(room, new ZipfLoad(objects[..scale.ZipfObjects], Exponent), cancellationToken);
        EqualMemory equalMemory = new(room, Name, scale);
        foreach ((long Bytes, int Objects) target in scale.MemoryTargets)
        {
            await equalMemory.MeasureAsync(new MemoryCell(CellOf(target), target.Bytes, scale.MemoryFillsEach * target.Objects, new ZipfLoad(objects[..target.Objects], Exponent)), cancellationToken);
        }
    }

    private static string CellOf((long Bytes, int Objects) target) =>
        string.Create(CultureInfo.InvariantCulture, $"Zipf, {target.Objects} objects, {ByteSize.Format(target.Bytes)} of memory");

    private async Task MeasureEqualBudgetsAsync(Room room, ZipfLoad load, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await room.StartServersAsync(this, scale.ZipfBudgetBytes, cancellationToken);
        foreach (PeerServer server in servers.Servers)
        {
            room.Progress.Tell($"{Name}: filling {server.Name}");
            await load.FillAsync(room, server, scale.ZipfWarmUpRequests, cancellationToken);
        }

        await room.MeasureAsync(
            Name,
            Cells[0],
            servers,
            async turn => Outcome.Of(await load.PlayAsync(room, turn.Server, 1 + turn.Round, room.Options.Duration, long.MaxValue, cancellationToken)) with { TellsHitRatio = true },
            cancellationToken,
            warmsUpLong: false);
    }
}
