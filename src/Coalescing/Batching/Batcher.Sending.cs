namespace S3Proxy.Coalescing.Batching;

/// <summary>Batches on their way and back.</summary>
public sealed partial class Batcher<TRequest, TResult>
{
    /// <summary>Sends a batch, and after it those that can leave because it is back already.</summary>
    /// <param name="batch">Taken from its lane.</param>
    /// <param name="isCallersThread">The thread belongs to a caller, who shall not serve others when its own batch is back.</param>
    private void Send(Batch<TRequest, TResult> batch, bool isCallersThread)
    {
        Batch<TRequest, TResult>? next = batch;
        while (next is not null)
        {
            Task<IReadOnlyList<BatchResult<TResult>>> sending = Start(next);
            if (!sending.IsCompleted)
            {
                // The first caller's context, its activity among others, must not live on in the batches that follow.
                using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                sending.ContinueWith(
                    static (sent, batch) => OnReturned((Batch<TRequest, TResult>)batch!, sent),
                    next,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach,
                    _options.Scheduler);
                return;
            }

            next = Finish(next, sending, takesNext: !isCallersThread);
        }
    }

    private static void OnReturned(Batch<TRequest, TResult> batch, Task<IReadOnlyList<BatchResult<TResult>>> sent)
    {
        Batcher<TRequest, TResult> batcher = batch.Items[0].Batcher;
        if (batcher.Finish(batch, sent, takesNext: true) is { } next)
        {
            batcher.Send(next, isCallersThread: false);
        }
    }

    /// <summary>Sends what may leave of a lane, from a thread of the scheduler. Until then its requests wait: they can be taken out, or leave with one that comes.</summary>
    private void QueuePump(BatchLane<TRequest, TResult> lane) =>
        FetchStart.Queue(static work => work.Batcher.Pump(work.Lane), (Batcher: this, Lane: lane), _options.Scheduler);

    private void Pump(BatchLane<TRequest, TResult> lane)
    {
        Batch<TRequest, TResult>? batch;
        lock (_lock)
        {
            batch = TakeUnderLock(lane);
        }

        if (batch is not null)
        {
            Send(batch, isCallersThread: false);
        }
    }

    private Task<IReadOnlyList<BatchResult<TResult>>> Start(Batch<TRequest, TResult> batch)
    {
        batch.SentAt = _timeProvider.GetTimestamp();
        Interlocked.Increment(ref _roundTrips);
        _observer?.OnSent(batch.LaneNumber, batch.Count, _timeProvider.GetElapsedTime(batch.Items[0].AskedAt, batch.SentAt));
        try
        {
            return _send(batch, _stopping.Token) ?? Task.FromException<IReadOnlyList<BatchResult<TResult>>>(new InvalidOperationException("The send delegate returned no task."));
        }
        catch (Exception error)
        {
            return Task.FromException<IReadOnlyList<BatchResult<TResult>>>(error);
        }
    }

    /// <summary>Gives out what a batch brought; returns the one that may leave in its place.</summary>
    private Batch<TRequest, TResult>? Finish(Batch<TRequest, TResult> batch, Task<IReadOnlyList<BatchResult<TResult>>> sent, bool takesNext)
    {
        Exception? error = sent.IsCompletedSuccessfully ? null : sent.Exception?.InnerException ?? new TaskCanceledException(sent);
        _observer?.OnReturned(batch.LaneNumber, batch.Count, _timeProvider.GetElapsedTime(batch.SentAt), error);
        Batch<TRequest, TResult>? next = null;
        bool othersWait = false;
        lock (_lock)
        {
            // Before the callers hear, who may ask again at once.
            _pending -= batch.Count;
            if (batch.Lane is { } lane)
            {
                lane.InFlight--;
                next = takesNext ? TakeUnderLock(lane) : null;
                othersWait = !takesNext && lane.Waiting > 0;
                RemoveIdleUnderLock(lane);
            }
        }

        if (othersWait)
        {
            QueuePump(batch.Lane!);
        }

        Answer(batch, error is null ? sent.Result : null, error);
        Leave(batch);
        return next;
    }

    /// <summary>A lane without work takes no memory.</summary>
    private void RemoveIdleUnderLock(BatchLane<TRequest, TResult> lane)
    {
        if (lane.InFlight == 0 && lane.Waiting == 0)
        {
            lane.WindowTimer?.Dispose();
            _lanes.Remove(lane.Number);
        }
    }

    private void Answer(Batch<TRequest, TResult> batch, IReadOnlyList<BatchResult<TResult>>? results, Exception? error)
    {
        int answered = results?.Count ?? 0;
        for (int i = 0; i < batch.Count; i++)
        {
            BatchItem<TRequest, TResult> item = batch.Items[i];
            if (i >= answered)
            {
                item.TrySettle(error ?? TooFewResults(answered, batch.Count));
            }
            else if (results![i] is { Error: { } failed })
            {
                item.TrySettle(failed);
            }
            else if (!item.TrySettle(results[i].Result))
            {
                GiveBack(item.Request, results[i].Result);
            }
        }
    }

    private static InvalidOperationException TooFewResults(int results, int requests) => new(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The send delegate returned {results} results for {requests} requests; this one has none."));

    private void GiveBack(TRequest request, TResult result)
    {
        if (_orphan is null)
        {
            return;
        }

        Exception? failed = null;
        try
        {
            _orphan(request, result);
        }
        catch (Exception error)
        {
            // The other requests of the batch wait for their answers.
            failed = error;
        }

        _observer?.OnOrphaned(failed);
    }
}
