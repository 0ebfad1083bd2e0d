using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Fetching;

/// <summary>
/// Walks a response through the slices of one version: each from memory, else from its flight, else by a run of its own. Ranges, full reads, late joiners
/// and slow readers are this one path (requirements F3, F5, F9).
/// </summary>
/// <remarks>
/// Used by one request. Memory is pinned only while bytes are copied from it or awaited from the origin; while the client is waited for, the walker
/// holds a version and an offset.
/// </remarks>
internal sealed partial class SliceWalker : IDisposable
{
    /// <summary>How often in a row a slice's flight may end for reasons of its other readers before this one gives up.</summary>
    private const int MaxInconclusive = 32;

    private readonly FetchServices _services;
    private readonly FlightTables _tables;
    private readonly ObjectTarget _target;
    private readonly ObjectVersion _version;
    private readonly Requester _requester;
    private readonly bool _isOpenEnded;
    private readonly SharedBodyCursor _cursor = new();
    private readonly RunReader _reader;
    private readonly int _lastSlice;
    private Flight<SliceKey, Run>? _flight;
    private int _slice = -1;

    /// <param name="services">What every fetch needs.</param>
    /// <param name="tables">Where flights are shared.</param>
    /// <param name="target">The object.</param>
    /// <param name="version">The version whose bytes are read; no other byte is ever delivered.</param>
    /// <param name="requester">In whose name and turns its runs ask the origin.</param>
    /// <param name="last">Object offset of the last byte wanted.</param>
    /// <param name="isOpenEnded">True when the client asked for everything up to the end: its runs are bounded only by the object.</param>
    public SliceWalker(FetchServices services, FlightTables tables, ObjectTarget target, ObjectVersion version, Requester requester, long last, bool isOpenEnded)
    {
        _services = services;
        _tables = tables;
        _target = target;
        _version = version;
        _requester = requester;
        _isOpenEnded = isOpenEnded;
        _lastSlice = services.Geometry.IndexOf(last);
        _reader = new RunReader(_lastSlice);
    }

    /// <summary>
    /// Joins the run that the object's flight has opened, so that it goes on for this reader even where its first slices are in memory by now.
    /// </summary>
    public void Follow(Run run, long offset) => _reader.FollowIfClaimed(run, _services.Geometry.IndexOf(offset));

    /// <summary>
    /// Comes to the byte at <paramref name="offset"/>: afterwards its slice is pinned and its bytes are there or arriving.
    /// </summary>
    /// <exception cref="FetchException">The bytes of this version cannot be had.</exception>
    public ValueTask<SliceOrigin> OpenAsync(long offset, CancellationToken aborted)
    {
        if (HasReadCorrupt)
        {
            throw ReadCorrupt();
        }

        int index = _services.Geometry.IndexOf(offset);
        SliceKey key = new(_version, index);
        int start = (int)(offset - _services.Geometry.StartOf(index));
        _slice = index;
        _flight = null;
        return TryOpenFromMemory(key, start) ? new(SliceOrigin.Tier) : OpenSlowAsync(key, start, aborted);
    }

    private async ValueTask<SliceOrigin> OpenSlowAsync(SliceKey key, int start, CancellationToken aborted)
    {
        int index = key.Index;
        for (int attempt = 0; attempt < MaxInconclusive; attempt++)
        {
            if (TryOpenFromMemory(key, start))
            {
                return SliceOrigin.Tier;
            }

            CoalescingGuard<SliceKey, Run> guard = _tables.Slices.Acquire(key);
            if (guard.IsLeader)
            {
                if (TryOpenFromMemory(key, start))
                {
                    // The last flight filled it between the look and the claim.
                    guard.Flight.End(FlightState.Cancelled);
                    guard.Dispose();
                    return SliceOrigin.Tier;
                }

                if (HasReadCorrupt)
                {
                    // Its run has dropped the slice. To ask for the rest would only keep bytes that nobody can check.
                    guard.Flight.End(FlightState.Cancelled);
                    guard.Dispose();
                    throw ReadCorrupt();
                }

                if (!_requester.MayAskForRanges)
                {
                    guard.Flight.End(FlightState.Cancelled);
                    guard.Dispose();
                    throw new FetchException(FetchFailure.NotAsSigned, $"The client has signed its range of {_version}, and slice {index} is not here.");
                }

                StartRun(guard);
                if (TryOpenFromFlight(guard.Flight, start))
                {
                    return await OriginOfRunAsync(aborted);
                }
            }
            else if (await TryJoinAsync(guard, index, start, aborted))
            {
                return SliceOrigin.Joined;
            }
        }

        throw new FetchException(FetchFailure.Contended, $"Slice {index} of {_version} could not be had in {MaxInconclusive} tries.");
    }

    private FetchException ReadCorrupt() => new(FetchFailure.Corrupt, $"The bytes of {_version} that were read so far do not have its checksum.");

    /// <summary>Where the bytes of the run just started come from: with other replicas, perhaps not from the origin. Waits for them, not for bytes.</summary>
    private async ValueTask<SliceOrigin> OriginOfRunAsync(CancellationToken aborted)
    {
        if (_services.Fleet is null || _reader.Run is not { } run)
        {
            return SliceOrigin.Led;
        }

        await SignalWait.UntilAsync(run.FirstOrigin, aborted);
        return await run.FirstOrigin;
    }

    /// <summary>
    /// Waits until every slice from <paramref name="first"/> to <paramref name="last"/> has been fetched whole and checked, for mode <c>buffered</c> (requirement F10).
    /// </summary>
    public async Task AwaitWholeAsync(long first, long last, CancellationToken aborted)
    {
        long offset = first;
        while (offset <= last)
        {
            ReadOnlyMemory<byte> bytes = await NextAsync(offset, aborted);
            _cursor.Advance(bytes.Length);
            offset += bytes.Length;
        }

        _slice = -1;
    }

    /// <summary>Bytes of slice <paramref name="index"/>.</summary>
    public int LengthOf(int index) => _services.Geometry.LengthOf(index, _version.SizeBytes);

    /// <summary>True when a slice is in memory or under way, so that reading it does not ask the origin for more.</summary>
    public bool IsAtHand(int index)
    {
        SliceKey key = new(_version, index);
        return _services.Memory.ContainsSlice(key) || _tables.Slices.IsInFlight(key) || _services.Memory.ContainsSlice(key);
    }

    /// <summary>Copies what there is of a slice from <paramref name="start"/> on, at least one byte, waiting for the first; holds no memory afterwards.</summary>
    /// <exception cref="FetchException">The bytes of this version cannot be had.</exception>
    public async ValueTask<int> ReadAsync(int index, int start, Memory<byte> buffer, CancellationToken aborted)
    {
        long offset = _services.Geometry.StartOf(index) + start;
        int copied = 0;
        ReadOnlyMemory<byte> bytes = await NextAsync(offset, aborted);
        while (!bytes.IsEmpty && copied < buffer.Length)
        {
            int take = Math.Min(bytes.Length, buffer.Length - copied);
            bytes[..take].CopyTo(buffer[copied..]);
            _cursor.Advance(take);
            copied += take;
            bytes = _cursor.Peek();
        }

        _cursor.Park();
        return copied;
    }

    /// <summary>Leaves its run and gives up its memory.</summary>
    public void Dispose()
    {
        _cursor.Dispose();
        _reader.Leave();
        _guest?.Leave();
        LeaveAhead();
    }

    /// <summary>The bytes at <paramref name="offset"/>, at least one, pinned until the next call. Does not wait, nor allocate, when they are in memory.</summary>
    private ValueTask<ReadOnlyMemory<byte>> NextAsync(long offset, CancellationToken aborted)
    {
        int index = _services.Geometry.IndexOf(offset);
        if (_slice == index ? _cursor.TryUnpark() : TryMoveToMemory(offset, index))
        {
            ReadOnlyMemory<byte> bytes = _cursor.Peek();
            if (!bytes.IsEmpty)
            {
                return new(bytes);
            }
        }

        return NextSlowAsync(offset, aborted);
    }

    private bool TryMoveToMemory(long offset, int index)
    {
        if (HasReadCorrupt || !TryOpenFromMemory(new SliceKey(_version, index), (int)(offset - _services.Geometry.StartOf(index))))
        {
            return false;
        }

        _slice = index;
        _flight = null;
        return true;
    }

    private async ValueTask<ReadOnlyMemory<byte>> NextSlowAsync(long offset, CancellationToken aborted)
    {
        int failures = 0;
        while (true)
        {
            if (_slice != _services.Geometry.IndexOf(offset) || !_cursor.TryUnpark())
            {
                await OpenAsync(offset, aborted);
            }

            ReadOnlyMemory<byte> bytes = _cursor.Peek();
            if (!bytes.IsEmpty)
            {
                return bytes;
            }

            SharedBodyStatus status = await _cursor.WaitAsync(aborted);
            if (status == SharedBodyStatus.Readable)
            {
                continue;
            }

            await ThrowIfConclusiveAsync(aborted);
            if (++failures >= MaxInconclusive)
            {
                throw new FetchException(FetchFailure.Contended, $"Slice {_slice} of {_version} ended {failures} times before byte {offset}.");
            }

            _cursor.Dispose();
            _slice = -1;
        }
    }

    /// <summary>Throws when the flight of the slice failed for a reason that holds for this reader too.</summary>
    private async ValueTask ThrowIfConclusiveAsync(CancellationToken aborted)
    {
        if (_flight is null)
        {
            return;
        }

        FlightOutcome<Run> outcome = await _flight.WhenEndedAsync(aborted);
        ThrowIfConclusive(outcome);
    }

    private void ThrowIfConclusive(FlightOutcome<Run> outcome)
    {
        switch (outcome.State)
        {
            case FlightState.Failed:
                throw FetchException.OfFlight($"The run for slice {_slice} of {_version} failed.", outcome.Error);
            case FlightState.Superseded:
                throw new FetchException(FetchFailure.Changed, $"{_version} is not the current version any more.", outcome.Error);
        }
    }

    private bool TryOpenFromMemory(SliceKey key, int start)
    {
        if (_services.Memory.FindSlice(key, countsAsHit: _reader.Run is null) is not { } body || !_cursor.TryMoveTo(body, start))
        {
            return false;
        }

        StartParallelRuns(key.Index);

        // A slice from memory counts for the pace of the run the reader is in: it comes to the run's own slices sooner.
        _reader.MoveTo(key.Index);
        _guest?.MoveTo(key.Index);
        if (_reader.Run is null && _tables.Slices.InFlightCount > 0)
        {
            FollowRunAhead(key.Index);
        }

        return true;
    }

    /// <summary>
    /// Joins a run that is filling the slices just ahead: it would end with its other readers, and this one would then have to start another.
    /// </summary>
    private void FollowRunAhead(int index)
    {
        int horizon = Math.Min(_lastSlice, index + _services.Options.ReadAheadSlices + 1);
        for (int ahead = index + 1; ahead <= horizon; ahead++)
        {
            if (!_tables.Slices.TryJoin(new SliceKey(_version, ahead), out CoalescingGuard<SliceKey, Run> guard))
            {
                continue;
            }

            using (guard)
            {
                if (guard.Flight.TryGetResult(out Run? run) && _reader.TryFollow(run, index))
                {
                    return;
                }
            }
        }
    }

    private bool TryOpenFromFlight(Flight<SliceKey, Run> flight, int start)
    {
        if (flight.Body is not { } body || !_cursor.TryMoveTo(body, start))
        {
            return false;
        }

        _flight = flight;
        StartParallelRuns(flight.Key.Index);
        return true;
    }

    private async ValueTask<bool> TryJoinAsync(CoalescingGuard<SliceKey, Run> guard, int index, int start, CancellationToken aborted)
    {
        try
        {
            FlightOutcome<Run> outcome = await guard.Flight.WhenPublishedAsync(aborted);
            if (!outcome.HasResult)
            {
                ThrowIfConclusive(outcome);
                return false;
            }

            bool isOwn = ReferenceEquals(_reader.Run, outcome.Result);
            if (TryFollow(outcome.Result!, index))
            {
                _requester.Span.Follow(isOwn ? null : outcome.Result!.Span);
                return TryOpenFromFlight(guard.Flight, start);
            }

            // The run is ending, and with it this flight, in a moment; trying again before would only spin.
            await guard.Flight.WhenEndedAsync(aborted);
            return false;
        }
        finally
        {
            guard.Dispose();
        }
    }
}
