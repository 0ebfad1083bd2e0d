namespace S3Proxy.Fetching;

/// <summary>
/// Lets those who waited for an answer that cannot be shared ask the origin a bounded number at a time (requirement F8), in the order in which they came.
/// </summary>
/// <remarks>Thread-safe. <c>_lock</c> protects the number of free turns and the queue; nothing is called while it is held.</remarks>
internal sealed class ReleaseGate(int turns)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _queue = [];
    private int _free = turns;

    /// <summary>How many wait for a turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>
    /// Waits for a turn, which the caller disposes when the origin has answered it. The wait holds nothing; it ends with a turn given back, with
    /// <paramref name="limit"/> (then null), or with its own cancellation, which leaves the queue.
    /// </summary>
    public async ValueTask<ReleaseTurn?> EnterAsync(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return new ReleaseTurn(this);
            }

            place = _queue.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(limit, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            return TryWithdraw(place) ? null : new ReleaseTurn(this);
        }
        catch (OperationCanceledException)
        {
            if (!TryWithdraw(place))
            {
                // The turn came at the same moment.
                Leave();
            }

            throw;
        }

        return new ReleaseTurn(this);
    }

    /// <summary>Gives a turn back: to the one who waits longest, if anybody does.</summary>
    internal void Leave()
    {
        LinkedListNode<TaskCompletionSource>? next;
        lock (_lock)
        {
            next = _queue.First;
            if (next is null)
            {
                _free++;
                return;
            }

            _queue.RemoveFirst();
        }

        next.Value.SetResult();
    }

    private bool TryWithdraw(LinkedListNode<TaskCompletionSource> place)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return false;
            }

            _queue.Remove(place);
            return true;
        }
    }
}
