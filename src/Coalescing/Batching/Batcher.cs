namespace S3Proxy.Coalescing.Batching;

/// <summary>
/// Puts concurrent requests into few round trips: a request finds its lane idle and is sent at once, on its caller's thread, or gathers with others while a
/// batch of the lane is in flight and leaves with them when that returns. Nobody waits for a clock in an idle lane (requirements B1, B2, B6).
/// </summary>
/// <remarks>
/// Thread-safe. Requests of one lane leave in the order in which they were asked, none twice, and each caller hears exactly one outcome. One lock protects the
/// lanes and their queues; nothing is called or awaited under it.
/// </remarks>
/// <typeparam name="TRequest">What is sent.</typeparam>
/// <typeparam name="TResult">What comes back for one request.</typeparam>
public sealed partial class Batcher<TRequest, TResult> : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, BatchLane<TRequest, TResult>> _lanes = [];
    private readonly BatcherOptions _options;
    private readonly Func<IReadOnlyList<TRequest>, CancellationToken, Task<IReadOnlyList<BatchResult<TResult>>>> _send;
    private readonly Func<TRequest, int> _laneOf;
    private readonly Action<TRequest, TResult>? _orphan;
    private readonly TimeProvider _timeProvider;
    private readonly BatchObserver? _observer;
    private int _pending;
    private long _roundTrips;
    private long _refused;

    /// <summary>Makes a batcher with nothing under way.</summary>
    /// <param name="options">Bounds.</param>
    /// <param name="send">
    /// Sends one batch and returns a result for each request, in their order. What it throws is the error of every request of the batch; a request for which the
    /// answer has no element fails. Its token is cancelled when the batcher is disposed of before the answer is there.
    /// </param>
    /// <param name="laneOf">Number of a request's lane, such as its node of a cluster. Batches never mix lanes. Null: all requests are of lane 0.</param>
    /// <param name="orphan">
    /// Hears each result whose caller left after the request was sent, so that what was granted can be given back. Called where the batch's answers are given out; what it
    /// throws harms nobody and is told to <paramref name="observer"/>.
    /// </param>
    /// <param name="timeProvider">The only clock used.</param>
    /// <param name="observer">Hears of every batch; null for nobody.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Batcher(
        BatcherOptions options,
        Func<IReadOnlyList<TRequest>, CancellationToken, Task<IReadOnlyList<BatchResult<TResult>>>> send,
        Func<TRequest, int>? laneOf,
        Action<TRequest, TResult>? orphan,
        TimeProvider timeProvider,
        BatchObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(send);
        ArgumentNullException.ThrowIfNull(timeProvider);
        options.Validate();
        _options = options;
        _send = send;
        _laneOf = laneOf ?? (static _ => 0);
        _orphan = orphan;
        _timeProvider = timeProvider;
        _observer = observer;
    }

    /// <summary>Requests that wait or are under way.</summary>
    public int PendingCount => Volatile.Read(ref _pending);

    /// <summary>Batches sent so far.</summary>
    public long RoundTripCount => Volatile.Read(ref _roundTrips);

    /// <summary>Requests refused so far because of <see cref="BatcherOptions.MaxBatchItems"/>.</summary>
    public long RefusedCount => Volatile.Read(ref _refused);

    /// <summary>Lanes with work; others take no memory.</summary>
    public int LaneCount
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Count;
            }
        }
    }

    /// <summary>As <see cref="TryAsk"/>, with an exception for a refusal.</summary>
    /// <exception cref="BatcherFullException">As many requests wait or are under way as is allowed.</exception>
    public ValueTask<TResult> AskAsync(TRequest request, CancellationToken cancellationToken) =>
        TryAsk(request, cancellationToken, out ValueTask<TResult> answer)
            ? answer
            : ValueTask.FromException<TResult>(new BatcherFullException(_options.MaxBatchItems));

    /// <summary>Sends a request with the next batch of its lane, at once when the lane is idle.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="cancellationToken">
    /// Ends this caller's wait at once, and no other's. A request that was not sent is taken out; the result of one that was goes to the orphan delegate.
    /// </param>
    /// <param name="answer">
    /// The result, to be awaited once. Fails with the request's error, with what the send delegate threw, with <see cref="OperationCanceledException"/>, or with
    /// <see cref="ObjectDisposedException"/> when the batcher was stopped.
    /// </param>
    /// <returns>False when the request was refused: as many wait or are under way as <see cref="BatcherOptions.MaxBatchItems"/> allows.</returns>
    public bool TryAsk(TRequest request, CancellationToken cancellationToken, out ValueTask<TResult> answer)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            answer = ValueTask.FromCanceled<TResult>(cancellationToken);
            return true;
        }

        BatchItem<TRequest, TResult> item = new(this, request, _laneOf(request), _timeProvider.GetTimestamp());
        item.ListenTo(cancellationToken);
        answer = item.Answer;
        bool isStopped;
        bool isRefused;
        Batch<TRequest, TResult>? batch = null;
        lock (_lock)
        {
            isStopped = _isStopped;
            isRefused = !isStopped && _options.IsEnabled && _pending >= _options.MaxBatchItems;
            if (!isStopped && !isRefused && item.Stage != BatchItemStage.Withdrawn)
            {
                _pending++;
                batch = EnterUnderLock(item);
            }
        }

        if (isStopped)
        {
            item.TrySettle(Stopped());
        }
        else if (isRefused)
        {
            item.TrySettle(new BatcherFullException(_options.MaxBatchItems));
            Interlocked.Increment(ref _refused);
            _observer?.OnRefused();
        }
        else if (batch is not null)
        {
            Send(batch, isCallersThread: true);
        }

        return !isRefused;
    }

    /// <summary>The caller of <paramref name="item"/> leaves. Takes the request out if it was not sent.</summary>
    internal void Withdraw(BatchItem<TRequest, TResult> item)
    {
        lock (_lock)
        {
            if (item.Stage == BatchItemStage.New)
            {
                item.Stage = BatchItemStage.Withdrawn;
            }
            else if (item.Stage == BatchItemStage.Waiting)
            {
                BatchLane<TRequest, TResult> lane = _lanes[item.LaneNumber];
                lane.Remove(item, BatchItemStage.Withdrawn);
                _pending--;
                RemoveIdleUnderLock(lane);
            }
        }
    }

    private static ObjectDisposedException Stopped() => new(nameof(Batcher<,>), "The batcher was stopped; the request was not answered.");

    /// <summary>The batch that may leave now that <paramref name="item"/> is there.</summary>
    private Batch<TRequest, TResult>? EnterUnderLock(BatchItem<TRequest, TResult> item)
    {
        if (!_options.IsEnabled)
        {
            item.Stage = BatchItemStage.Sent;
            Batch<TRequest, TResult> alone = new(lane: null, [item]);
            _inFlight.Add(alone);
            return alone;
        }

        if (!_lanes.TryGetValue(item.LaneNumber, out BatchLane<TRequest, TResult>? lane))
        {
            lane = new BatchLane<TRequest, TResult>(item.LaneNumber);
            _lanes.Add(item.LaneNumber, lane);
        }

        lane.Add(item);
        return TakeUnderLock(lane);
    }

    /// <summary>The next batch of a lane, if it may leave now; else sees to it that it leaves when the window is over.</summary>
    private Batch<TRequest, TResult>? TakeUnderLock(BatchLane<TRequest, TResult> lane)
    {
        if (lane.Oldest is null || lane.InFlight >= _options.MaxInFlight)
        {
            return null;
        }

        if (lane.InFlight > 0 && lane.Waiting < _options.MaxBatchSize)
        {
            TimeSpan left = _options.BatchWindow - _timeProvider.GetElapsedTime(lane.Oldest.AskedAt);
            if (left > TimeSpan.Zero)
            {
                ArmWindowUnderLock(lane, left);
                return null;
            }
        }

        Batch<TRequest, TResult> batch = lane.Take(_options.MaxBatchSize);
        _inFlight.Add(batch);
        return batch;
    }

    private void ArmWindowUnderLock(BatchLane<TRequest, TResult> lane, TimeSpan left)
    {
        if (lane.IsWindowArmed)
        {
            return;
        }

        if (lane.WindowTimer is null)
        {
            using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
            lane.WindowTimer = _timeProvider.CreateTimer(_ => EndWindow(lane), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        lane.IsWindowArmed = true;
        lane.WindowTimer.Change(TimerTime.RoundUp(left), Timeout.InfiniteTimeSpan);
    }

    private void EndWindow(BatchLane<TRequest, TResult> lane)
    {
        lock (_lock)
        {
            lane.IsWindowArmed = false;
        }

        QueuePump(lane);
    }
}
