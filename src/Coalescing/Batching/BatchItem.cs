using System.Threading.Tasks.Sources;

namespace S3Proxy.Coalescing.Batching;

/// <summary>
/// One request with its caller: the task the caller awaits, and a place in the queue of its lane. The caller hears exactly one outcome: whoever settles first
/// wins, be it the batch, the caller's cancellation or the batcher's end.
/// </summary>
/// <remarks><see cref="Stage"/> and the links belong to the batcher's lock.</remarks>
internal sealed class BatchItem<TRequest, TResult> : IValueTaskSource<TResult>
{
    private ManualResetValueTaskSourceCore<TResult> _core;
    private CancellationTokenRegistration _cancellation;
    private int _isSettled;

    public BatchItem(Batcher<TRequest, TResult> batcher, TRequest request, int lane, long askedAt)
    {
        Batcher = batcher;
        Request = request;
        LaneNumber = lane;
        AskedAt = askedAt;

        // Callers go on where they began to wait, never inside the batch that answers others too.
        _core.RunContinuationsAsynchronously = true;
    }

    public Batcher<TRequest, TResult> Batcher { get; }

    public TRequest Request { get; }

    public int LaneNumber { get; }

    /// <summary>Timestamp of the call.</summary>
    public long AskedAt { get; }

    public BatchItemStage Stage { get; set; }

    public BatchItem<TRequest, TResult>? Previous { get; set; }

    public BatchItem<TRequest, TResult>? Next { get; set; }

    /// <summary>To be awaited once.</summary>
    public ValueTask<TResult> Answer => new(this, _core.Version);

    /// <summary>Listens for the caller's cancellation. Called once, before the item can be found by anyone; the call back may come before this returns.</summary>
    public void ListenTo(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (item, token) => OnCancelled((BatchItem<TRequest, TResult>)item!, token), this);
        }
    }

    /// <summary>Gives the caller its result; false when it already has an outcome.</summary>
    public bool TrySettle(TResult result)
    {
        if (!TryClose())
        {
            return false;
        }

        _core.SetResult(result);
        return true;
    }

    /// <summary>Gives the caller an error; false when it already has an outcome.</summary>
    public bool TrySettle(Exception error)
    {
        if (!TryClose())
        {
            return false;
        }

        _core.SetException(error);
        return true;
    }

    TResult IValueTaskSource<TResult>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private static void OnCancelled(BatchItem<TRequest, TResult> item, CancellationToken token)
    {
        item.Batcher.Withdraw(item);
        item.TrySettle(new OperationCanceledException(token));
    }

    private bool TryClose()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) != 0)
        {
            return false;
        }

        // Not Dispose, which would wait for a call back that may be running and has lost.
        _cancellation.Unregister();
        return true;
    }
}
