using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <summary>What a run takes in before its request is sent: misses that adjoin it become part of the same origin GET (requirement B4).</summary>
/// <remarks>
/// A run is open to neighbours from its start until its turn at the origin has come. With a free slot that is no longer than the thread pool takes to get to it,
/// which is enough for readers that were woken together; nothing is ever delayed for the sake of gathering.
/// </remarks>
internal sealed partial class Run
{
    private bool _isSealed;

    /// <summary>
    /// Takes the slice whose flight <paramref name="guard"/> leads, and those up to <paramref name="last"/>, into this run, and the guard over; false, and
    /// nothing is changed, when they do not adjoin, the request is on its way, or the run is read ahead and waits behind those of readers.
    /// </summary>
    public bool TryGrow(CoalescingGuard<SliceKey, Run> guard, int last, RunReader reader)
    {
        int index = guard.Flight.Key.Index;
        lock (_lock)
        {
            long slices = Math.Max(_last, last) - Math.Min(_first, index) + 1L;
            if (_isSealed || _closed || _isReadAhead || slices * _services.Geometry.SliceBytes > FetchPlan.MaxRangedRunBytes || slices > _services.Options.ClaimSlices)
            {
                return false;
            }

            if (index == _last + 1)
            {
                _claims.Enqueue(Take(guard));
                _claimedUpTo = index;
            }
            else if (index < _first && last >= _first - 1)
            {
                Prepend(guard);
            }
            else
            {
                return false;
            }

            _last = Math.Max(_last, last);
            _lastWanted = Math.Max(_lastWanted, last);
            ClaimUpTo(_last);
            reader.Position = index;
            _readers.Add(reader);
            _joined++;
        }

        reader.Lead(this);
        return true;
    }

    private void Prepend(CoalescingGuard<SliceKey, Run> guard)
    {
        Claim[] behind = [.. _claims];
        int index = guard.Flight.Key.Index;
        _claims.Clear();
        _claims.Enqueue(Take(guard));
        for (int between = index + 1; between < _first; between++)
        {
            _claims.Enqueue(TryClaim(between));
        }

        foreach (Claim claim in behind)
        {
            _claims.Enqueue(claim);
        }

        _first = _next = index;
    }

    /// <summary>The request is about to be sent: what it asks for is final.</summary>
    private (long Position, long End) Seal()
    {
        List<Claim> cut = [];
        (long Position, long End) extent;
        lock (_lock)
        {
            _isSealed = true;
            CutUnderLock(LastWorthAskingForUnderLock(), cut);
            extent = Extent();
        }

        // Readers that wait there ask anew.
        foreach (Claim claim in cut)
        {
            Close(claim, FlightState.Cancelled, error: null);
        }

        return extent;
    }

    /// <summary>Last slice of the longest stretch from the first one on of which not too much is here or under way elsewhere (requirement B4).</summary>
    private int LastWorthAskingForUnderLock()
    {
        int share = _services.Options.GapShare;
        int own = 0;
        int elsewhere = 0;
        int last = _first;
        foreach (Claim claim in _claims)
        {
            if (claim.Body is null)
            {
                elsewhere++;
                continue;
            }

            own++;
            last = elsewhere * share <= own ? claim.Index : last;
        }

        // What is behind the claims is taken to be missing.
        return elsewhere * share <= own + (_last - _claimedUpTo) ? _last : last;
    }

    /// <summary>Ends the run with slice <paramref name="last"/>; what it claimed behind that goes to <paramref name="cut"/>.</summary>
    private void CutUnderLock(int last, List<Claim> cut)
    {
        if (last >= _last)
        {
            return;
        }

        Claim[] claims = [.. _claims];
        _claims.Clear();
        foreach (Claim claim in claims)
        {
            if (claim.Index > last)
            {
                cut.Add(claim);
            }
            else
            {
                _claims.Enqueue(claim);
            }
        }

        _last = _claimedUpTo = last;
        _lastWanted = Math.Min(_lastWanted, last);
    }

    private (long Position, long End) Extent()
    {
        SliceGeometry geometry = _services.Geometry;
        return (geometry.StartOf(_first), geometry.StartOf(_last) + geometry.LengthOf(_last, _version.SizeBytes));
    }
}
