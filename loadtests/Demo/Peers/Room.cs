using System.Globalization;
using System.Net.Sockets;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Scenarios;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers;

/// <summary>Where servers are compared: an origin, objects, clients, and the order in which everyone has a turn. Not thread-safe.</summary>
/// <param name="options">What is compared.</param>
/// <param name="origin">Has <see cref="PeerObjects.Bucket"/>.</param>
/// <param name="progress">Told of each turn.</param>
/// <param name="directory">For files of clients.</param>
internal sealed class Room(PeersOptions options, EmbeddedOrigin origin, PeersProgress progress, string directory)
{
    private const int VerifyPasses = 20;
    private const int VerifyConnections = 4;
    private static readonly TimeSpan VerifyPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OriginIdleLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(20);

    /// <summary>Of turns before the first round, for a server whose code is compiled while it runs: it runs for days where it matters.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    private readonly HashSet<PeerServer> _warm = [];
    private readonly List<PeerSample> _samples = [];
    private int _turns;

    public PeersOptions Options => options;

    public EmbeddedOrigin Origin => origin;

    public PeersProgress Progress => progress;

    public PeerObjects Objects { get; } = new(origin);

    public Wrk Wrk { get; } = new(directory);

    public H2Load H2Load { get; } = new(directory);

    /// <summary>All measurements so far.</summary>
    public IReadOnlyList<PeerSample> Samples => _samples;

    /// <summary>Adds measurements that <see cref="TakeTurnAsync"/> made to those of the report.</summary>
    public void Keep(IEnumerable<PeerSample> samples) => _samples.AddRange(samples);

    /// <summary>Starts one server alone, for a cell in which memory is measured.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="budgetBytes">Its memory for cached objects.</param>
    /// <param name="meanObjectBytes">As <see cref="ServerSetup.MeanObjectBytes"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ServerSet> StartServerAsync(IServerKind kind, long budgetBytes, long meanObjectBytes, CancellationToken cancellationToken) =>
        ServerSet.StartAsync([kind], origin.Endpoint, budgetBytes, isEncrypted: false, meanObjectBytes, cancellationToken);

    /// <summary>Starts the servers of a scenario.</summary>
    /// <param name="scenario">Who is going to measure them.</param>
    /// <param name="budgetBytes">Memory of each for cached objects.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ServerSet> StartServersAsync(IPeerScenario scenario, long budgetBytes, CancellationToken cancellationToken) =>
        ServerSet.StartAsync(options.ServersFor(scenario.IsAboutHits), origin.Endpoint, budgetBytes, isEncrypted: false, meanObjectBytes: null, cancellationToken);

    /// <summary>Plays a load of the project's own client, which compares every byte.</summary>
    public Task<LoadResult> PlayAsync(Uri endpoint, int connections, IAskSource source, CancellationToken cancellationToken) =>
        LoadEngine.RunAsync(endpoint, Objects.Content, connections, source, DrainLimit, cancellationToken);

    /// <summary>Reads every object until all answers are right and come from the cache. Nothing is measured that was not seen to be both.</summary>
    /// <param name="server">Who is asked.</param>
    /// <param name="objects">What is going to be measured.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="WrongPeerException">An answer was wrong, or did not come from the cache in the end.</exception>
    public async Task VerifyHitsAsync(PeerServer server, IReadOnlyList<PeerObject> objects, CancellationToken cancellationToken)
    {
        LoadResult? result = null;
        for (int pass = 0; pass < VerifyPasses; pass++)
        {
            int next = 0;
            ClosedLoop source = new(() => objects[next++].Whole(server.Endpoint), TimeSpan.MaxValue, objects.Count);
            result = await PlayAsync(server.Endpoint, VerifyConnections, source, cancellationToken);
            if (result.Errors > 0)
            {
                throw new WrongPeerException($"{server.Name} does not answer as it should: {result.FirstError}");
            }

            if (result.Hits == objects.Count)
            {
                return;
            }

            // Some store what they fetched a little after they have sent it.
            await Task.Delay(VerifyPause, TimeProvider.System, cancellationToken);
        }

        throw new WrongPeerException($"{server.Name}: {objects.Count - result!.Hits} of {objects.Count} answers do not come from the cache, however often they are asked for.");
    }

    /// <summary>
    /// Gives every server a turn in every round, each round beginning with another one, so that what else the machine does meets all alike. The first round warms up and is not kept; with
    /// <paramref name="warmsUpLong"/> every server has turns for <see cref="WarmUp"/> before, once a process.
    /// </summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="cell">What of it.</param>
    /// <param name="servers">Who is measured.</param>
    /// <param name="play">The load of one turn.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="warmsUpLong">True where a turn may be repeated as often as one likes.</param>
    public async Task MeasureAsync(string scenario, string cell, ServerSet servers, Func<Turn, Task<Outcome>> play, CancellationToken cancellationToken, bool warmsUpLong = true)
    {
        if (warmsUpLong && !options.IsShort)
        {
            await WarmUpAsync(servers, play, cancellationToken);
        }

        for (int round = options.IsShort ? 1 : 0; round <= options.Rounds; round++)
        {
            for (int place = 0; place < servers.Servers.Count; place++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                PeerSample sample = await TakeTurnAsync(scenario, cell, servers.Servers[(place + round) % servers.Servers.Count], round, play, cancellationToken);
                if (round > 0)
                {
                    _samples.Add(sample);
                }
            }
        }
    }

    /// <summary>Gives one server a turn, and tells of it. The measurement is not kept.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="cell">What of it.</param>
    /// <param name="server">Who is measured.</param>
    /// <param name="round">From 1; 0 warms up.</param>
    /// <param name="play">The load.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<PeerSample> TakeTurnAsync(
        string scenario, string cell, PeerServer server, int round, Func<Turn, Task<Outcome>> play, CancellationToken cancellationToken)
    {
        PeerSample sample = await MeasureTurnAsync(scenario, cell, new Turn(server, round, ++_turns), play, cancellationToken);
        string which = round == 0 ? "warming up" : string.Create(CultureInfo.InvariantCulture, $"round {round} of {options.Rounds}");
        string errors = sample.Errors == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {sample.Errors} errors, the first: {sample.FirstError}");
        progress.Count(string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario}, {cell}, {which}, {server.Name}: {sample.RequestsPerSecond:0.#}/s, p99 {sample.P99Milliseconds:0.##} ms{errors}"));
        return sample;
    }

    private async Task WarmUpAsync(ServerSet servers, Func<Turn, Task<Outcome>> play, CancellationToken cancellationToken)
    {
        foreach (PeerServer server in servers.Servers.Where(_warm.Add))
        {
            long begin = TimeProvider.System.GetTimestamp();
            try
            {
                while (TimeProvider.System.GetElapsedTime(begin) < WarmUp)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await play(new Turn(server, 0, ++_turns));
                }
            }
            catch (Exception failure) when (failure is IOException or SocketException or ProgramFailedException)
            {
                // It will fail again, in a turn that tells.
            }
        }
    }

    private async Task<PeerSample> MeasureTurnAsync(string scenario, string cell, Turn turn, Func<Turn, Task<Outcome>> play, CancellationToken cancellationToken)
    {
        origin.Traffic.Reset();
        TimeSpan processorBefore = turn.Server.ProcessorTime;
        Outcome outcome;
        try
        {
            outcome = await play(turn);
        }
        catch (Exception failure) when (failure is IOException or SocketException or ProgramFailedException)
        {
            outcome = Outcome.OfFailure(failure.Message);
        }

        TimeSpan processor = turn.Server.ProcessorTime - processorBefore;
        await WaitForOriginAsync(cancellationToken);
        return new PeerSample
        {
            Scenario = scenario,
            Cell = cell,
            Server = turn.Server.Name,
            Round = turn.Round,
            Answers = outcome.Answers,
            RequestsPerSecond = outcome.RequestsPerSecond,
            P50Milliseconds = outcome.P50Milliseconds,
            P99Milliseconds = outcome.P99Milliseconds,
            FirstByteP50Milliseconds = outcome.FirstByteP50Milliseconds,
            FirstByteP99Milliseconds = outcome.FirstByteP99Milliseconds,
            CpuMicrosecondsPerRequest = processor.TotalMicroseconds / Math.Max(1, outcome.Answers),
            MemoryBytes = turn.Server.MemoryBytes,
            Errors = outcome.Errors,
            Wrong = outcome.Wrong,
            FirstError = outcome.FirstError,
            OriginGets = origin.Traffic.GetCount,
            OriginBytes = origin.Traffic.BodyBytesSent,
            HitRatio = outcome.TellsHitRatio ? 1 - ((double)origin.Traffic.RequestCount / Math.Max(1, outcome.Answers)) : null,
            OriginBytesPerSliceByte = outcome.SliceBytes is { } bytes ? (double)origin.Traffic.BodyBytesSent / bytes : null,
        };
    }

    /// <summary>What the origin still sends belongs to the turn, but a fetch that does not end must not hang the run.</summary>
    private async Task WaitForOriginAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OriginIdleLimit);
        try
        {
            await origin.Traffic.WaitForIdleAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Counted as far as it has come.
        }
    }
}
