namespace S3Proxy.Coalescing.Batching;

/// <summary>The batcher's end.</summary>
public sealed partial class Batcher<TRequest, TResult>
{
    /// <summary>Batches taken and not yet given out. The lock protects it.</summary>
    private readonly HashSet<Batch<TRequest, TResult>> _inFlight = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private bool _isStopped;

    /// <summary>
    /// Refuses requests from now on, ends those that wait with <see cref="ObjectDisposedException"/>, and waits until what is in flight is back and given out.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the patience: sends in flight are cancelled and their callers end with <see cref="ObjectDisposedException"/> at once. Results that come all the same go to
    /// the orphan delegate.
    /// </param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Close();
        try
        {
            await SignalWait.UntilAsync(_drained.Task, cancellationToken).ConfigureAwait(true);
        }
        catch (OperationCanceledException)
        {
            Abort();
        }
    }

    /// <summary>As <see cref="StopAsync"/> with all patience.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(true);

    /// <summary>As <see cref="StopAsync"/> with no patience.</summary>
    public void Dispose()
    {
        Close();
        Abort();
    }

    private void Close()
    {
        List<BatchItem<TRequest, TResult>> waiting = [];
        lock (_lock)
        {
            _isStopped = true;
            foreach (BatchLane<TRequest, TResult> lane in _lanes.Values.ToArray())
            {
                while (lane.Oldest is { } item)
                {
                    lane.Remove(item, BatchItemStage.Withdrawn);
                    waiting.Add(item);
                }

                RemoveIdleUnderLock(lane);
            }

            _pending -= waiting.Count;
            TellDrainedUnderLock();
        }

        foreach (BatchItem<TRequest, TResult> item in waiting)
        {
            item.TrySettle(Stopped());
        }
    }

    private void Abort()
    {
        Batch<TRequest, TResult>[] inFlight;
        lock (_lock)
        {
            inFlight = [.. _inFlight];
        }

        // Before the sends end, so that callers hear why.
        foreach (Batch<TRequest, TResult> batch in inFlight)
        {
            foreach (BatchItem<TRequest, TResult> item in batch.Items)
            {
                item.TrySettle(Stopped());
            }
        }

        _stopping.Cancel();
    }

    private void Leave(Batch<TRequest, TResult> batch)
    {
        lock (_lock)
        {
            _inFlight.Remove(batch);
            TellDrainedUnderLock();
        }
    }

    private void TellDrainedUnderLock()
    {
        if (_isStopped && _inFlight.Count == 0)
        {
            _drained.TrySetResult();
        }
    }
}
