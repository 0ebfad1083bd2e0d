using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <summary>The runs a response starts: for what it misses, ahead of it, and side by side.</summary>
internal sealed partial class SliceWalker
{
    private readonly int _aheadFrom;
    private readonly int _aheadLast = -1;
    private RunReader?[] _ahead = [];
    private RunReader? _guest;
    private int _stripe = -1;

    /// <summary>What to read ahead of a client that reads ranges in order; nothing by default.</summary>
    public SequentialRead ReadAhead
    {
        init => (_aheadFrom, _aheadLast) = value.HasAhead ? (value.AheadFrom, value.AheadLast) : (0, -1);
    }

    private bool HasAhead => _aheadLast >= _aheadFrom;

    /// <summary>True once bytes that may have been delivered turned out not to be the object's.</summary>
    private bool HasReadCorrupt => _reader.HasReadCorrupt || _guest is { HasReadCorrupt: true };

    /// <summary>
    /// Starts a run for what is to be read ahead, unless it is here or under way. Waits for nothing; what it brings may be dropped when memory is short.
    /// </summary>
    public void StartReadAhead()
    {
        if (!HasAhead || _reader.Run?.Covers(_aheadLast) == true)
        {
            return;
        }

        for (int index = _aheadFrom; index <= _aheadLast; index++)
        {
            if (TryLead(index) is { } guard)
            {
                Run.Start(_services, _target, _version, _tables, _requester with { Class = FetchClass.ReadAhead }, guard, new RunExtent(index - 1, _aheadLast), reader: null);
                return;
            }
        }
    }

    /// <summary>Has the slice of <paramref name="guard"/> fetched, by a run that is about to be sent next to it or by one of its own. Takes the guard over.</summary>
    private void StartRun(CoalescingGuard<SliceKey, Run> guard)
    {
        _reader.LeaveForAnother();
        _guest?.LeaveForAnother();
        RunExtent extent = ExtentFrom(guard.Flight.Key.Index);
        if (!TryGrowNeighbour(guard, extent.LastWanted))
        {
            Run.Start(_services, _target, _version, _tables, _requester, guard, extent, _reader);
        }
    }

    /// <summary>
    /// Joins the run that brings slice <paramref name="index"/>; false when that is ending. The run it is in is kept where it goes on behind that slice: left by its only
    /// reader it would end, and what it would have brought would take another request.
    /// </summary>
    private bool TryFollow(Run run, int index)
    {
        if (_reader.Run is { } own && !ReferenceEquals(own, run) && own.TryKeep(_reader, index))
        {
            return (_guest ??= new RunReader(_lastSlice)).TryFollow(run, index);
        }

        _guest?.LeaveForAnother();
        return _reader.TryFollow(run, index);
    }

    /// <summary>Adjacent and overlapping misses make one origin GET as long as it has not been sent (requirement B4).</summary>
    private bool TryGrowNeighbour(CoalescingGuard<SliceKey, Run> guard, int last)
    {
        int index = guard.Flight.Key.Index;
        if (index > 0 && TryGrow(index - 1, guard, last))
        {
            return true;
        }

        int horizon = Math.Min(Math.Min(last + 1, index + _services.Options.ClaimSlices), _services.Geometry.LastOf(_version.SizeBytes));
        for (int behind = index + 1; behind <= horizon; behind++)
        {
            if (_tables.Slices.IsInFlight(new SliceKey(_version, behind)))
            {
                return TryGrow(behind, guard, last);
            }
        }

        return false;
    }

    private bool TryGrow(int neighbour, CoalescingGuard<SliceKey, Run> guard, int last)
    {
        if (!_tables.Slices.TryJoin(new SliceKey(_version, neighbour), out CoalescingGuard<SliceKey, Run> joined))
        {
            return false;
        }

        using (joined)
        {
            return joined.Flight.TryGetResult(out Run? run) && run.TryGrow(guard, last, _reader);
        }
    }

    /// <summary>
    /// How far a run from <paramref name="first"/> goes: to the last slice wanted, bounded for closed ranges, and not into a stretch that is here already.
    /// </summary>
    private RunExtent ExtentFrom(int first)
    {
        int bound = Math.Max(1, (int)(FetchPlan.MaxRangedRunBytes / _services.Geometry.SliceBytes));
        int horizon = Math.Min(LastOfStripe(first), first + bound - 1);
        int last = first;
        for (int index = first + 1; index <= horizon; index++)
        {
            if (!_services.Memory.ContainsSlice(new SliceKey(_version, index)))
            {
                last = index;
            }
            else if (index - last >= _services.Options.MaxGapSlices)
            {
                return new RunExtent(last, last);
            }
        }

        if (last == horizon && _isOpenEnded && _services.Options.ParallelRuns <= 1)
        {
            return new RunExtent(_lastSlice, _lastSlice);
        }

        bool readsOn = last == _lastSlice && HasAhead && _aheadFrom == last + 1;
        return new RunExtent(last, readsOn ? _aheadLast : last);
    }

    private int SlicesOfStripe => Math.Max(1, (int)(_services.Options.ParallelRunBytes / _services.Geometry.SliceBytes));

    /// <summary>Last slice that the run which brings <paramref name="index"/> may bring: with several runs side by side each keeps to its stripe.</summary>
    private int LastOfStripe(int index) =>
        _services.Options.ParallelRuns <= 1 ? _lastSlice : (int)Math.Min(_lastSlice, ((index / SlicesOfStripe) + 1L) * SlicesOfStripe - 1);

    /// <summary>Starts the runs of the next stripes, when it comes to a new one and parallel runs are configured.</summary>
    private void StartParallelRuns(int index)
    {
        int runs = _services.Options.ParallelRuns;
        if (runs <= 1 || index / SlicesOfStripe == _stripe)
        {
            return;
        }

        bool isFirst = _stripe < 0;
        _stripe = index / SlicesOfStripe;
        _ahead = isFirst ? new RunReader?[runs] : _ahead;
        for (int next = isFirst ? 1 : runs - 1; next < runs; next++)
        {
            // The place of the stripe just left is taken by the last one ahead; the one just entered keeps its reader, so that its run goes on in any case.
            int stripe = _stripe + next;
            long first = (long)stripe * SlicesOfStripe;
            _ahead[stripe % runs]?.Leave();
            _ahead[stripe % runs] = first <= _lastSlice ? ReadStripe((int)first) : null;
        }
    }

    /// <summary>Makes sure that the slices from <paramref name="first"/> to the end of the stripe are fetched now. The reader given back keeps that up; null when they are here.</summary>
    private RunReader? ReadStripe(int first)
    {
        int last = LastOfStripe(first);
        RunReader reader = new(last) { IsEager = true };
        for (int index = first; index <= last; index++)
        {
            if (TryLead(index) is { } guard)
            {
                Run.Start(_services, _target, _version, _tables, _requester with { Class = FetchClass.Demand }, guard, new RunExtent(last, last), reader);
                return reader;
            }

            if (_tables.Slices.TryJoin(new SliceKey(_version, index), out CoalescingGuard<SliceKey, Run> joined))
            {
                using (joined)
                {
                    if (joined.Flight.TryGetResult(out Run? run) && reader.TryFollow(run, index - 1))
                    {
                        return reader;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Leads the flight of a slice that is neither here nor under way; null otherwise.</summary>
    private CoalescingGuard<SliceKey, Run>? TryLead(int index)
    {
        SliceKey key = new(_version, index);
        if (_services.Memory.ContainsSlice(key) || _tables.Slices.IsInFlight(key))
        {
            return null;
        }

        CoalescingGuard<SliceKey, Run> guard = _tables.Slices.Acquire(key);
        if (!guard.IsLeader)
        {
            guard.Dispose();
            return null;
        }

        if (_services.Memory.ContainsSlice(key))
        {
            guard.Flight.End(FlightState.Cancelled);
            guard.Dispose();
            return null;
        }

        return guard;
    }

    private void LeaveAhead()
    {
        foreach (RunReader? reader in _ahead)
        {
            reader?.Leave();
        }

        _ahead = [];
    }
}
