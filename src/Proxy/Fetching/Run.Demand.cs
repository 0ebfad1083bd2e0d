using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <summary>Who wants the run's bytes, how far it may go, and when it is over.</summary>
internal sealed partial class Run
{
    private readonly Lock _lock = new();
    private readonly List<RunReader> _readers = [];
    private readonly CancellationTokenSource _stop = new();
    private HashSet<RunReader>? _goneOn;
    private TaskCompletionSource? _moved;
    private ITimer? _graceTimer;
    private int _next;
    private bool _closed;

    /// <summary>
    /// Counts a reader in, at slice <paramref name="index"/>; false when the run is ending. A run that is read ahead and still waits for its turn gives way: the reader
    /// asks in its own right, and not behind everybody who waits for an answer.
    /// </summary>
    public bool TryJoin(RunReader reader, int index)
    {
        bool givesWay;
        TaskCompletionSource? moved;
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            givesWay = _closed = _isReadAhead && !_isSealed;
            if (!givesWay)
            {
                reader.Position = index;
                _readers.Add(reader);
                _joined++;
            }

            moved = TakeMovedUnderLock();
        }

        moved?.SetResult();
        if (givesWay)
        {
            Stop();
        }

        return !givesWay;
    }

    /// <summary>True when the run has claimed slice <paramref name="index"/>: a reader further on would only drive it over bytes nobody reads.</summary>
    public bool HasClaimed(int index) => index <= Volatile.Read(ref _claimedUpTo);

    /// <summary>True when slice <paramref name="index"/> is within the run's extent.</summary>
    public bool Covers(int index)
    {
        lock (_lock)
        {
            return index <= _last;
        }
    }

    /// <summary>Tells that a reader has come to slice <paramref name="index"/>.</summary>
    public void Move(RunReader reader, int index)
    {
        TaskCompletionSource? moved;
        lock (_lock)
        {
            reader.Position = index;
            moved = TakeMovedUnderLock();
        }

        moved?.SetResult();
    }

    /// <summary>
    /// Moves a reader that gets slice <paramref name="index"/> from elsewhere, if the run is near and goes on behind that slice for it; false when it has nothing more to
    /// bring, or is so far ahead that it would only wait for this reader.
    /// </summary>
    public bool TryKeep(RunReader reader, int index)
    {
        lock (_lock)
        {
            if (_closed || index >= _last || index >= reader.LastSlice || _next > index + _services.Options.ReadAheadSlices + 1)
            {
                return false;
            }
        }

        Move(reader, index);
        return true;
    }

    /// <summary>Counts a reader out.</summary>
    public void Leave(RunReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }

        OnInterestChanged();
    }

    /// <summary>
    /// Keeps a reader in mind that is about to read on elsewhere: it may have bytes of this run, and the checksum that judges them comes with the last one. For readers in
    /// the run.
    /// </summary>
    public void Remember(RunReader reader)
    {
        lock (_lock)
        {
            if (_isCorrupt)
            {
                reader.HearCorrupt();
            }
            else if (!_closed && _first == 0 && _last == _services.Geometry.LastOf(_version.SizeBytes))
            {
                (_goneOn ??= []).Add(reader);
            }
        }
    }

    /// <inheritdoc/>
    public bool Awaits(int index)
    {
        lock (_lock)
        {
            foreach (RunReader reader in _readers)
            {
                if (reader.Position < index && reader.LastSlice >= index)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Waits until slice <paramref name="index"/> may be read; false when it is not wanted any more. Holds the transfer, and no memory.</summary>
    private async ValueTask<bool> WaitForDemandAsync(int index)
    {
        TimeSpan idle = TimeSpan.Zero;
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                _next = index;
                if (_closed)
                {
                    return false;
                }

                if (IsDueUnderLock(index) || IsNearlyDone)
                {
                    return true;
                }

                if (!IsWantedUnderLock(index) && _services.Options.Grace <= TimeSpan.Zero)
                {
                    _closed = true;
                    return false;
                }

                moved = (_moved ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await SignalWait.UntilAsync(moved, _stop.Token).WaitAsync(_services.Options.CrowdedIdleRunLimit, _services.TimeProvider, _stop.Token);
                idle = TimeSpan.Zero;
            }
            catch (TimeoutException)
            {
                idle += _services.Options.CrowdedIdleRunLimit;
                if (idle < _services.Options.IdleRunLimit && !_services.Origin.IsCrowded(_target))
                {
                    continue;
                }

                // All readers are slow. The transfer is given up, its memory is nobody's, and they open a run of their own when they get here.
                CloseToReaders();
                return false;
            }
        }
    }

    private bool IsNearlyDone => _source.Remaining <= _services.Options.NearlyDoneBytes;

    /// <summary>Somebody is near enough to the slice to need it soon.</summary>
    private bool IsDueUnderLock(int index)
    {
        int ahead = _services.Options.ReadAheadSlices;
        foreach (RunReader reader in _readers)
        {
            if (reader.LastSlice >= index && (reader.IsEager || reader.Position + ahead >= index))
            {
                return true;
            }
        }

        if (IsReadAheadUnderLock(index))
        {
            return true;
        }

        // Those who wait for the object's flight are about to join; until then the first window is read for them.
        return index < _first + ahead && _sponsor is { Participants: > 0 };
    }

    /// <summary>Somebody will need the slice, sooner or later.</summary>
    private bool IsWantedUnderLock(int index)
    {
        foreach (RunReader reader in _readers)
        {
            if (reader.LastSlice >= index)
            {
                return true;
            }
        }

        return IsReadAheadUnderLock(index) || _sponsor is { Participants: > 0 };
    }

    /// <summary>Somebody who has read everything wanted so far will probably want it; bounded by the run's extent.</summary>
    private bool IsReadAheadUnderLock(int index) => index > _lastWanted && index <= _last;

    /// <summary>Stops the transfer when nobody wants what it is bringing, at once or after the grace time.</summary>
    private void OnInterestChanged()
    {
        TaskCompletionSource? moved;
        bool stop = false;
        lock (_lock)
        {
            moved = TakeMovedUnderLock();
            if (!_closed && !IsNearlyDone && !IsWantedUnderLock(_next))
            {
                TimeSpan grace = _services.Options.Grace;
                if (grace > TimeSpan.Zero)
                {
                    _graceTimer ??= _services.TimeProvider.CreateTimer(static run => ((Run)run!).OnGraceOver(), this, grace, Timeout.InfiniteTimeSpan);
                }
                else
                {
                    stop = _closed = true;
                }
            }
        }

        moved?.SetResult();
        if (stop)
        {
            Stop();
        }
    }

    private void OnGraceOver()
    {
        lock (_lock)
        {
            _graceTimer?.Dispose();
            _graceTimer = null;
            if (_closed || IsNearlyDone || IsWantedUnderLock(_next))
            {
                return;
            }

            _closed = true;
        }

        Stop();
    }

    private void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pump ended at the same moment.
        }
    }

    private void TellCorrupt()
    {
        lock (_lock)
        {
            _isCorrupt = true;
            foreach (RunReader reader in _goneOn ?? [])
            {
                reader.HearCorrupt();
            }
        }
    }

    private void CloseToReaders()
    {
        lock (_lock)
        {
            _closed = true;
            _goneOn = null;
            _graceTimer?.Dispose();
            _graceTimer = null;
        }
    }

    private TaskCompletionSource? TakeMovedUnderLock()
    {
        TaskCompletionSource? moved = _moved;
        _moved = null;
        return moved;
    }
}
