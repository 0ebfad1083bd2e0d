using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <summary>
/// Renews metadata in the background, for readers who are answered with what is known (requirement C5): one HEAD with If-None-Match through the object's own HEAD
/// flight, so at most one an object. Optional by nature: what is dropped or fails costs nobody an answer.
/// </summary>
/// <remarks>
/// Thread-safe; one for the whole process. A GET that misses meanwhile does not wait for the refresh and costs one request of its own; where the two answers
/// disagree neither stays.
/// </remarks>
internal sealed class ObjectRefreshes : IDisposable
{
    private readonly FetchServices _services;
    private readonly FlightTables _tables;
    private readonly ExpiringMarks<ObjectId, RefreshResult> _pauses;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly CancellationToken _isShuttingDown;

    public ObjectRefreshes(FetchServices services, FlightTables tables)
    {
        _services = services;
        _tables = tables;
        _pauses = new ExpiringMarks<ObjectId, RefreshResult>(services.TimeProvider);
        _isShuttingDown = _shutdown.Token;
    }

    /// <summary>Starts a refresh of <paramref name="known"/>, unless one is under way, failed just now, or too many are. Never waits.</summary>
    /// <param name="target">The object, under the rule of the reader who found it due.</param>
    /// <param name="known">What the reader was answered with.</param>
    /// <param name="client">Whose turn it takes at the origin.</param>
    /// <param name="endpoint">Endpoint to ask first; null for any.</param>
    public void TryStart(ObjectTarget target, ObjectMetadata known, string client, string? endpoint)
    {
        if (_pauses.TryGet(target.Id, out _) || _isShuttingDown.IsCancellationRequested)
        {
            return;
        }

        CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard = _tables.Objects.Acquire(new ObjectFlightKey(target.Id, HeadersOnly: true));
        if (!guard.IsLeader)
        {
            guard.Dispose();
            return;
        }

        // Renewed or invalidated between the reader's look and our claim: nothing is due any more.
        bool isDue = _services.Memory.FindMetadata(target.Id) is { } latest && latest.IsSameAs(known);
        if (!isDue || !_tables.Refreshes.TryEnter(_services.Options.MaxRefreshes))
        {
            guard.Flight.End(FlightState.Cancelled);
            guard.Dispose();
            return;
        }

        ObjectFetch fetch = new(_services, _tables, target, new Requester(client, FetchClass.Refresh), FetchPlan.Headers, known, endpoint);
        guard.Flight.Start(fetch.RunAsync);
        FetchStart.Queue(static hold => _ = hold.Refreshes.HoldAsync(hold.Guard), (Refreshes: this, Guard: guard), _services.Scheduler);
    }

    /// <summary>Ends the refreshes that are under way; none is started any more. Idempotent.</summary>
    public void Dispose()
    {
        if (!_isShuttingDown.IsCancellationRequested)
        {
            _shutdown.Cancel();
            _shutdown.Dispose();
        }
    }

    /// <summary>Takes part in the flight in the place of a client, until it is over.</summary>
    private async Task HoldAsync(CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard)
    {
        RefreshResult result = RefreshResult.Failed;
        try
        {
            FlightOutcome<ObjectAnswer> outcome = await guard.Flight.WhenEndedAsync(_isShuttingDown);
            result = outcome.Result switch
            {
                ObjectAnswer.Found { Source: not AnswerSource.Origin } => RefreshResult.Renewed,
                ObjectAnswer.Found => RefreshResult.Changed,
                null => RefreshResult.Failed,
                _ => RefreshResult.Refused,
            };
        }
        catch (OperationCanceledException)
        {
            // Shutdown. Ending the flight when nobody is left stops its request without a grace time.
        }

        if (result is RefreshResult.Failed or RefreshResult.Refused)
        {
            _pauses.Set(guard.Flight.Key.Id, result, _services.Options.RefreshPause);
        }

        guard.Dispose();
        guard.Flight.End(FlightState.Cancelled);
        _tables.Refreshes.Leave(result);
    }
}
