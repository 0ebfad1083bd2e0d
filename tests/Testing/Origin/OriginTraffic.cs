namespace S3Proxy.Testing.Origin;

/// <summary>
/// What reached the origin and what it sent. A request counts from its arrival; it is active until its response was handed to the connection
/// in full, so a client may see the end of a body shortly before: await <see cref="WaitForIdleAsync"/> before asserting on bytes and outcomes.
/// </summary>
/// <remarks>Thread-safe. One lock protects all fields but the byte count.</remarks>
public sealed class OriginTraffic
{
    private readonly Lock _lock = new();
    private readonly int _maxRecords;
    private readonly List<OriginRequest> _requests = [];
    private readonly List<(Func<OriginTraffic, bool> Condition, TaskCompletionSource Completion)> _waiters = [];
    private long _sequence;
    private long _requestCount;
    private long _getCount;
    private long _headCount;
    private long _bodyBytesSent;
    private int _activeRequests;
    private int _maxConcurrent;
    private volatile bool _hasWaiters;

    internal OriginTraffic(int maxRecords) => _maxRecords = maxRecords;

    /// <summary>Requests of every kind since the start or the last <see cref="Reset"/>.</summary>
    public long RequestCount => Read(ref _requestCount);

    /// <summary>GetObject requests, whatever their answer.</summary>
    public long GetCount => Read(ref _getCount);

    /// <summary>HeadObject requests, whatever their answer.</summary>
    public long HeadCount => Read(ref _headCount);

    /// <summary>Response body bytes accepted by connections, XML included.</summary>
    public long BodyBytesSent => Interlocked.Read(ref _bodyBytesSent);

    /// <summary>Requests being answered now.</summary>
    public int ActiveRequests => Read(ref _activeRequests);

    /// <summary>The most requests that were active at once since the start or the last <see cref="Reset"/>.</summary>
    public int MaxConcurrent => Read(ref _maxConcurrent);

    /// <summary>A snapshot in the order of arrival.</summary>
    /// <exception cref="InvalidOperationException">More requests came than are recorded (<see cref="EmbeddedOriginOptions.MaxRecordedRequests"/>).</exception>
    public IReadOnlyList<OriginRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                RefuseIncomplete();
                return [.. _requests];
            }
        }
    }

    internal bool KeepsRecords => _maxRecords > 0;

    /// <summary>How many recorded requests satisfy <paramref name="predicate"/>.</summary>
    /// <exception cref="InvalidOperationException">More requests came than are recorded.</exception>
    public int CountOf(Func<OriginRequest, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Requests.Count(predicate);
    }

    /// <summary>Forgets the past. Requests still active stay counted as active, and no longer as anything else.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _requests.Clear();
            _requestCount = 0;
            _getCount = 0;
            _headCount = 0;
            Interlocked.Exchange(ref _bodyBytesSent, 0);
            _maxConcurrent = _activeRequests;
        }
    }

    /// <summary>Completes when no request is active: at once, or when the last one ends.</summary>
    public Task WaitForIdleAsync(CancellationToken cancellationToken = default) =>
        WaitUntilAsync(static traffic => traffic.ActiveRequests == 0, cancellationToken);

    /// <summary>
    /// Completes when <paramref name="condition"/> holds. It is asked now and after each change, under this object's lock: it may read this
    /// object and must not wait for anything.
    /// </summary>
    public Task WaitUntilAsync(Func<OriginTraffic, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            // Set before the first look, so that bytes added meanwhile are noticed here or there.
            _hasWaiters = true;
            _waiters.Add((condition, completion));
            WakeSatisfied();
        }

        return completion.Task.WaitAsync(cancellationToken);
    }

    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    internal void Begin(OriginRequest request)
    {
        lock (_lock)
        {
            _requestCount++;
            _getCount += request.Operation == OriginOperation.GetObject ? 1 : 0;
            _headCount += request.Operation == OriginOperation.HeadObject ? 1 : 0;
            _activeRequests++;
            _maxConcurrent = Math.Max(_maxConcurrent, _activeRequests);
            if (_requests.Count < _maxRecords)
            {
                _requests.Add(request);
            }

            WakeSatisfied();
        }
    }

    internal void AddBodyBytes(OriginRequest request, long count)
    {
        request.AddBodyBytes(count);
        Interlocked.Add(ref _bodyBytesSent, count);
        if (_hasWaiters)
        {
            lock (_lock)
            {
                WakeSatisfied();
            }
        }
    }

    internal void End(OriginRequest request, OriginRequestOutcome outcome)
    {
        lock (_lock)
        {
            request.Outcome = outcome;
            _activeRequests--;
            WakeSatisfied();
        }
    }

    private void WakeSatisfied()
    {
        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Completion.Task.IsCompleted || _waiters[i].Condition(this))
            {
                _waiters[i].Completion.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }

        _hasWaiters = _waiters.Count > 0;
    }

    private void RefuseIncomplete()
    {
        if (_requestCount > _requests.Count)
        {
            throw new InvalidOperationException(
                $"{_requestCount} requests came but only {_requests.Count} were recorded; raise {nameof(EmbeddedOriginOptions.MaxRecordedRequests)} or use the aggregates.");
        }
    }

    private T Read<T>(ref T field)
    {
        lock (_lock)
        {
            return field;
        }
    }
}
