namespace S3Proxy.Coalescing;

/// <summary>Joining, leaving, and what happens when nobody is left.</summary>
public sealed partial class Flight<TKey, TResult>
{
    /// <summary>What a timer takes at most (<see cref="ITimer"/>): a longer linger time is cut to it, 49 days.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private bool _lingers;

    internal bool TryJoin(out int ticket, out int participants)
    {
        lock (_lock)
        {
            if (_closed)
            {
                ticket = -1;
                participants = 0;
                return false;
            }

            ticket = _tickets.Issue();
            participants = _tickets.Count;
            return true;
        }
    }

    internal void Leave(int ticket)
    {
        bool leaderGaveUp;
        bool nobodyLeft;
        lock (_lock)
        {
            if (!_tickets.TakeBack(ticket))
            {
                return;
            }

            leaderGaveUp = ticket == LeaderTicket && _state == FlightState.Queued;
            nobodyLeft = _tickets.Count == 0;
        }

        if (leaderGaveUp)
        {
            End(FlightState.Abandoned);
        }

        if (nobodyLeft)
        {
            OnNobodyLeft();
        }
    }

    private void OnNobodyLeft()
    {
        TimeSpan grace = _coalescer.Options.Grace;
        lock (_lock)
        {
            bool running = _state < FlightState.Complete;
            if (running && (IsNearlyDone || _tickets.Count > 0))
            {
                return;
            }

            if (running && grace > TimeSpan.Zero && !_closed)
            {
                _timer?.Dispose();
                _timer = _coalescer.TimeProvider.CreateTimer(static flight => ((Flight<TKey, TResult>)flight!).Desert(), this, grace, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Desert();
    }

    private void Desert()
    {
        CancellationTokenSource? deserted;
        lock (_lock)
        {
            if (_tickets.Count > 0 || _isDeserted)
            {
                return;
            }

            // A lingering outcome may be joined again; it has no fetch left to stop, but whoever waits for the last reader may go.
            if (_state < FlightState.Complete)
            {
                _closed = true;
            }

            _isDeserted = true;
            deserted = _deserted;
        }

        if (_closed)
        {
            _coalescer.Remove(this);
        }

        deserted?.Cancel();
    }

    private bool TryLingerUnderLock(TimeSpan linger)
    {
        if (_closed || !_coalescer.TryEnterLinger())
        {
            return false;
        }

        linger = linger < LongestTimer ? linger : LongestTimer;
        _lingers = true;
        _timer = _coalescer.TimeProvider.CreateTimer(static flight => ((Flight<TKey, TResult>)flight!).CloseToJoiners(), this, linger, Timeout.InfiniteTimeSpan);
        return true;
    }

    private void CloseToJoiners()
    {
        bool lingered;
        lock (_lock)
        {
            _closed = true;
            lingered = _lingers;
            _lingers = false;
            if (lingered)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }

        if (lingered)
        {
            _coalescer.LeaveLinger();
        }

        _coalescer.Remove(this);
    }
}
