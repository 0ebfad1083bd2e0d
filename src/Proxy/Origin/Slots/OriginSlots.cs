using S3Proxy.Fetching;

namespace S3Proxy.Origin.Slots;

/// <summary>
/// The bound on how many transfers are open at one origin, and who is next: demand before read-ahead, within a class fairly by client (requirements B5, R1).
/// Refreshes never wait.
/// </summary>
/// <remarks>
/// Thread-safe. <c>_lock</c> protects everything; nothing is called while it is held but the limit, which takes no lock, and completion sources, whose waiters go on
/// elsewhere. A wait holds nothing, is bounded by the caller's time limit, and is ended by a slot that comes free.
/// </remarks>
internal sealed class OriginSlots(AdaptiveLimit limit, int maxWaiting, TimeSpan waitLimit, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly FairQueue _demand = new();
    private readonly FairQueue _readAhead = new();
    private int _inUse;

    /// <summary>Slots taken.</summary>
    public int InUse
    {
        get
        {
            lock (_lock)
            {
                return _inUse;
            }
        }
    }

    /// <summary>How many may be taken at this moment.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
            {
                return limit.Current;
            }
        }
    }

    /// <summary>How many requests of a class wait.</summary>
    public int Waiting(FetchClass of)
    {
        lock (_lock)
        {
            return of switch { FetchClass.Demand => _demand.Count, FetchClass.ReadAhead => _readAhead.Count, _ => 0 };
        }
    }

    /// <summary>
    /// Takes a slot, at once or when it is this requester's turn. To be given back with <see cref="Release"/>, once.
    /// </summary>
    /// <exception cref="FetchException"><see cref="FetchFailure.Crowded"/>: too many wait, or the wait took too long, or a refresh found no slot free.</exception>
    public ValueTask AcquireAsync(Requester requester, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SlotWaiter waiter;
        lock (_lock)
        {
            // Nobody overtakes those of its own class or above who wait.
            bool isNext = _demand.Count == 0 && (requester.Class == FetchClass.Demand || _readAhead.Count == 0);
            if (_inUse < limit.Current && isNext)
            {
                _inUse++;
                return default;
            }

            limit.OnBound();

            // What is read ahead takes no place from who waits for an answer.
            int waiting = requester.Class == FetchClass.Demand ? _demand.Count : _demand.Count + _readAhead.Count;
            if (requester.Class == FetchClass.Refresh || waiting >= maxWaiting)
            {
                throw new FetchException(FetchFailure.Crowded, $"All {limit.Current} slots of the origin are taken, and {waiting} requests wait.");
            }

            waiter = new SlotWaiter(requester);
            QueueOf(requester.Class).Enqueue(waiter);
        }

        return new ValueTask(WaitAsync(waiter, cancellationToken));
    }

    /// <summary>Takes a slot if one is free and nobody waits.</summary>
    public bool TryAcquire()
    {
        lock (_lock)
        {
            if (_inUse >= limit.Current || _demand.Count + _readAhead.Count > 0)
            {
                return false;
            }

            _inUse++;
            return true;
        }
    }

    /// <summary>Gives a slot back, and to whoever is next.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _inUse--;
            GrantUnderLock();
        }
    }

    /// <summary>Tells how a request fared, which may move the limit.</summary>
    public void Observe(OriginSignal signal, TimeSpan firstByte)
    {
        lock (_lock)
        {
            limit.Observe(signal, firstByte, _inUse);
            GrantUnderLock();
        }
    }

    private async Task WaitAsync(SlotWaiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Task.WaitAsync(waitLimit, timeProvider, cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException)
        {
            lock (_lock)
            {
                if (!QueueOf(waiter.Class).Remove(waiter))
                {
                    // The slot came at the same moment: it goes on to the next.
                    _inUse--;
                    GrantUnderLock();
                }
            }

            if (error is TimeoutException)
            {
                throw new FetchException(FetchFailure.Crowded, $"No slot of the origin came free within {waitLimit}.", error);
            }

            throw;
        }
    }

    private FairQueue QueueOf(FetchClass of) => of == FetchClass.Demand ? _demand : _readAhead;

    private void GrantUnderLock()
    {
        while (_inUse < limit.Current && (_demand.TryDequeue(out SlotWaiter? next) || _readAhead.TryDequeue(out next)))
        {
            _inUse++;
            next.SetResult(true);
        }
    }
}
