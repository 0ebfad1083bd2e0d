using System.Globalization;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Origin.Slots;
using S3Proxy.Telemetry;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>
/// Sends the proxy's own reads, each in its turn: waits for a slot, chooses an endpoint, goes on to the next one when it cannot be reached, and sends again, within a
/// budget, what the origin could not answer at the moment (requirements R1, B5).
/// </summary>
/// <remarks>
/// Thread-safe; one for the whole process. A slot is held from before the request is sent until its answer is disposed of, and never during a pause or another wait.
/// </remarks>
internal sealed class OriginReader(
    OriginPlaces places,
    EndpointSender sender,
    EndpointBreakers breakers,
    OriginLoads loads,
    DestinationReports reports,
    ProxyMetrics metrics,
    TimeProvider timeProvider) : IOriginReader
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>An origin that wants a longer pause than this is taken at its word: the client hears its answer.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private int _turn;

    /// <inheritdoc/>
    public async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
    {
        OriginConfiguration origin = read.Target.Bucket.Origin;
        if (!read.Requester.MayAsk(read.Method, read.Range))
        {
            throw new FetchException(FetchFailure.NotAsSigned, $"The client has signed neither {read.Method} nor {read.Range} of {read.Target.Id}.");
        }

        OriginLoad load = loads.Of(origin);
        load.Retries.OnRequest();
        for (int repeat = 0; ; repeat++)
        {
            OriginAnswer answer = await SendInTurnAsync(read, origin, load, repeat, cancellationToken);
            if (!MayRepeat(answer.Status) || repeat >= origin.Retry.MaxRepeats || read.Requester.Class == FetchClass.Refresh
                || PauseBefore(repeat, answer) is not { } pause || !load.Retries.TryTake())
            {
                return answer;
            }

            metrics.OriginRepeated(origin.Name, answer.Status);
            answer.Dispose();
            await Task.Delay(pause, timeProvider, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void ReportBroken(OriginAnswer answer)
    {
        if (answer.Sender is (ClusterState cluster, DestinationState destination))
        {
            reports.Failed(cluster, destination);
            metrics.OriginFailed(OriginClusters.NameOf(cluster), FetchFailure.Broken);
        }
    }

    /// <inheritdoc/>
    public bool MayRepeat(ObjectTarget target) => loads.Of(target.Bucket.Origin).Retries.TryTake();

    /// <inheritdoc/>
    public bool IsCrowded(ObjectTarget target) => loads.Of(target.Bucket.Origin).Slots.Waiting(FetchClass.Demand) > 0;

    /// <summary>What another attempt may answer otherwise: the origin has too much to do, or something on the way to it failed.</summary>
    private static bool MayRepeat(int status) => status is 429 or 500 or 502 or 503 or 504;

    /// <summary>Longer each time, and drawn at random so that those who failed together do not come back together; null when the origin wants too long a one.</summary>
    private static TimeSpan? PauseBefore(int repeat, OriginAnswer answer)
    {
        TimeSpan pause = FirstPause * (1 << repeat) * (0.5 + (Random.Shared.NextDouble() / 2));
        if (answer.Find("Retry-After") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            pause = TimeSpan.FromSeconds(seconds) > pause ? TimeSpan.FromSeconds(seconds) : pause;
        }

        return pause <= LongestPause ? pause : null;
    }

    /// <summary>Waits for a slot and sends; the answer gives the slot back when it is disposed of.</summary>
    private async Task<OriginAnswer> SendInTurnAsync(OriginRead read, OriginConfiguration origin, OriginLoad load, int repeat, CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        await load.Slots.AcquireAsync(read.Requester, cancellationToken);
        SlotLease lease = new(load.Slots);
        try
        {
            metrics.SlotWaited(origin.Name, read.Requester.Class, timeProvider.GetElapsedTime(start));
            OriginAnswer answer = await SendToAnyAsync(read.AsSent(), origin, load, repeat, cancellationToken);
            answer.OnDispose(lease);
            return answer;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Asks one endpoint after the other until one can be reached. One that took the request and did not answer in time is the last: asking on would double the wait.</summary>
    private async Task<OriginAnswer> SendToAnyAsync(OriginRead read, OriginConfiguration origin, OriginLoad load, int repeat, CancellationToken cancellationToken)
    {
        ClusterState cluster = places.Of(origin).Cluster;
        IReadOnlyList<DestinationState> destinations = InOrder(cluster.DestinationsState.AvailableDestinations, read.Endpoint, repeat);
        FetchException? failure = null;
        for (int i = 0; i < destinations.Count; i++)
        {
            try
            {
                return await SendHedgedAsync(read, origin, load, cluster, destinations[i], destinations[(i + 1) % destinations.Count], cancellationToken);
            }
            catch (FetchException error) when (error.Failure is FetchFailure.Unreachable)
            {
                failure = error;
            }
        }

        throw failure ?? new FetchException(FetchFailure.Unreachable, $"Origin {origin.Name} has no endpoint.");
    }

    /// <summary>Those whose breaker is closed first; from the one that load balancing chose, or the next in turn, on.</summary>
    private IReadOnlyList<DestinationState> InOrder(IReadOnlyList<DestinationState> available, string? endpoint, int repeat)
    {
        if (available.Count <= 1)
        {
            return available;
        }

        int start = -1;
        for (int i = 0; endpoint is not null && i < available.Count; i++)
        {
            start = string.Equals(available[i].DestinationId, endpoint, StringComparison.Ordinal) ? i : start;
        }

        start = start < 0 ? (int)((uint)Interlocked.Increment(ref _turn) % (uint)available.Count) : start + repeat;
        return [.. Enumerable.Range(0, available.Count).Select(i => available[(start + i) % available.Count]).OrderBy(destination => breakers.IsOpen(destination.DestinationId))];
    }

    /// <summary>Sends, and when the headers are late for this origin sends once more, elsewhere if there is an elsewhere; the first good answer wins.</summary>
    private async Task<OriginAnswer> SendHedgedAsync(
        OriginRead read, OriginConfiguration origin, OriginLoad load, ClusterState cluster, DestinationState destination, DestinationState other, CancellationToken cancellationToken)
    {
        load.Hedges?.OnRequest();
        if (load.Hedges is not { } hedges || load.FirstByteTimes.Percentile(0.95) is not { } late || read.Requester.Class != FetchClass.Demand)
        {
            return await SendToAsync(read, origin, load, cluster, destination, cancellationToken);
        }

        using CancellationTokenSource race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<OriginAnswer> first = SendToAsync(read, origin, load, cluster, destination, race.Token);
        if (await EndsWithinAsync(first, late, cancellationToken) || !TryTakeHedge(load, hedges))
        {
            return await first;
        }

        metrics.OriginHedged(origin.Name);
        SlotLease lease = new(load.Slots);
        Task<OriginAnswer> second = SendToAsync(read, origin, load, cluster, other, race.Token);
        return await HedgeRace.FirstGoodAsync(first, second, lease, race);
    }

    private async Task<bool> EndsWithinAsync(Task<OriginAnswer> request, TimeSpan limit, CancellationToken cancellationToken)
    {
        await ((Task)request).WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return request.IsCompleted || cancellationToken.IsCancellationRequested;
    }

    private static bool TryTakeHedge(OriginLoad load, HedgeBudget hedges)
    {
        if (!hedges.TryTake())
        {
            return false;
        }

        if (load.Slots.TryAcquire())
        {
            return true;
        }

        hedges.Return();
        return false;
    }

    /// <summary>One request to one endpoint, through its breaker; what comes of it is told to everything that watches the origin's health.</summary>
    private async Task<OriginAnswer> SendToAsync(OriginRead read, OriginConfiguration origin, OriginLoad load, ClusterState cluster, DestinationState destination, CancellationToken cancellationToken)
    {
        long start = timeProvider.GetTimestamp();
        try
        {
            OriginAnswer answer = await breakers.SendAsync(destination.DestinationId, token => sender.SendAsync(read, origin, cluster, destination, token), cancellationToken);
            TimeSpan firstByte = timeProvider.GetElapsedTime(start);
            load.FirstByteTimes.Record(firstByte);
            load.Slots.Observe(answer.Status is 429 or 503 ? OriginSignal.Overloaded : OriginSignal.Answered, firstByte);
            return answer;
        }
        catch (FetchException error) when (error.Failure is FetchFailure.Unreachable or FetchFailure.TimedOut)
        {
            reports.Failed(cluster, destination);
            metrics.OriginFailed(origin.Name, error.Failure);
            if (error.Failure == FetchFailure.TimedOut)
            {
                load.Slots.Observe(OriginSignal.Overloaded, timeProvider.GetElapsedTime(start));
            }

            throw;
        }
    }
}
