using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <content>Where there are other replicas: bytes that one of them has brought or is bringing, and the right to bring them for all (requirements W1, C3).</content>
internal sealed partial class RunSource
{
    private readonly TaskCompletionSource<SliceOrigin> _firstOrigin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _leaseLock = new();
    private IRunLease? _lease;
    private bool _isOver;
    private ISharedTransfer? _transfer;
    private IDisposable? _watch;
    private volatile bool _mayHaveShared;
    private volatile bool _isSpoilt;
    private long _followedInVain;
    private bool _isAlone;
    private long _transferFrom;
    private long _sharedUpTo;

    /// <summary>Where the first byte comes from; decided before it comes. <see cref="SliceOrigin.Led"/> when the run ends before.</summary>
    public Task<SliceOrigin> FirstOrigin => _firstOrigin.Task;

    /// <summary>True once another replica has found that bytes this run may have got from Redis are not the object's.</summary>
    public bool IsSpoilt => _isSpoilt;

    /// <summary>To be called after what was read was given on: either this throws, or whoever finds the bytes wrong later finds them where they were put.</summary>
    /// <exception cref="FetchException">The bytes are not the object's.</exception>
    public void ThrowIfSpoilt()
    {
        if (_isSpoilt)
        {
            throw new FetchException(FetchFailure.Corrupt, $"Another replica found that bytes of {_version} which were shared do not have its checksum.");
        }
    }

    /// <summary>Has other replicas follow what the open transfer brings. Any thread; takes the lease over.</summary>
    public void Share(IRunLease lease)
    {
        lock (_leaseLock)
        {
            if (!_isOver)
            {
                _lease = lease;
                lease.Open(OpenReader);
                return;
            }
        }

        lease.Dispose();
    }

    /// <summary>Has a complete slice kept for other replicas, when it came from the origin at least in part.</summary>
    public void Store(int index, SharedBody body)
    {
        if (_services.Fleet is not { } fleet || !_tables.IsShared || _services.Geometry.StartOf(index) + _services.Geometry.LengthOf(index, _version.SizeBytes) <= _sharedUpTo)
        {
            return;
        }

        IRunLease? lease;
        lock (_leaseLock)
        {
            lease = _lease;
        }

        if (lease is null)
        {
            fleet.Store(new SliceKey(_version, index), body);
        }
        else
        {
            lease.Store(index, body);
        }
    }

    /// <summary>Finds out who brings what comes next; true when bytes come from other replicas or from Redis, false when the origin is to be asked.</summary>
    private async ValueTask<bool> TryShareAsync(CancellationToken cancellationToken)
    {
        if (_services.Fleet is not { } fleet || !_tables.IsShared || HoldsLease())
        {
            Decide(SliceOrigin.Led);
            return false;
        }

        ThrowIfSpoilt();
        SealExtent();
        int last = _services.Geometry.LastOf(_end);

        // Before anything is read from Redis, so that no word about it is missed.
        _mayHaveShared = true;
        _watch ??= fleet.Watch(_version, () => _isSpoilt |= _mayHaveShared);
        RunClaim claim = await fleet.ClaimAsync(_target, _version, _position, last, _followedInVain, _isAlone, cancellationToken);
        _askedUpTo = _end;
        if (_sharedUpTo == 0 && claim is not RunClaim.Shared)
        {
            // Nothing it has comes from Redis.
            _isSpoilt = _mayHaveShared = false;
        }

        switch (claim)
        {
            case RunClaim.Shared shared:
                _transfer = shared.Transfer;
                _transferFrom = _position;
                StartSharedCheck();
                Decide(shared.Transfer.WasKept ? SliceOrigin.Kept : SliceOrigin.Joined);
                return true;
            case RunClaim.Granted granted:
                _askedUpTo = Math.Min(_end, _services.Geometry.StartOf(granted.Lease.Last) + _services.Geometry.LengthOf(granted.Lease.Last, _version.SizeBytes));
                Share(granted.Lease);
                break;
        }

        Decide(SliceOrigin.Led);
        return false;
    }

    private async ValueTask<int> ReadSharedAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = await _transfer!.ReadAsync(buffer, cancellationToken);
        if (read > 0)
        {
            Advance(buffer.Span[..read]);
            _sharedUpTo = _position;
            return read;
        }

        // Followed without getting a byte: that lease is taken over. A second time nobody is followed, or two replicas could wait for each other's promises for ever.
        if (_position == _transferFrom)
        {
            _isAlone |= _followedInVain > 0 || _transfer.Lease == 0;
            _followedInVain = _transfer.Lease;
        }

        _transfer.Dispose();
        _transfer = null;
        return 0;
    }

    /// <summary>The checksum is recomputed here too: whoever brought the bytes may find out only at the end that they were wrong.</summary>
    private void StartSharedCheck()
    {
        if (_position == 0 && _end == _version.SizeBytes && _services.Memory.FindMetadata(_version.Id) is { } metadata && metadata.Version.Equals(_version))
        {
            _check ??= WholeObjectCheck.For(metadata, _target.Bucket.Origin, _services.ETagProofs);
        }
    }

    /// <summary>The lease ends before what is wanted does: another replica brings what follows.</summary>
    private void CloseAtEndOfLease()
    {
        if (_position == _askedUpTo && _position < _end && _answer is not null)
        {
            CloseTransfer();
            EndLease();
        }
    }

    private bool HoldsLease()
    {
        lock (_leaseLock)
        {
            return _lease is not null;
        }
    }

    private SliceWalker OpenReader(int last)
    {
        long lastByte = _services.Geometry.StartOf(last) + _services.Geometry.LengthOf(last, _version.SizeBytes) - 1;
        return new SliceWalker(_services, _tables, _target, _version, _requester, lastByte, isOpenEnded: false);
    }

    private void Decide(SliceOrigin origin) => _firstOrigin.TrySetResult(origin);

    private void EndLease()
    {
        IRunLease? lease;
        lock (_leaseLock)
        {
            lease = _lease;
            _lease = null;
        }

        lease?.Dispose();
    }

    private void EndSharing()
    {
        lock (_leaseLock)
        {
            _isOver = true;
        }

        EndLease();
        _watch?.Dispose();
        _watch = null;
        _transfer?.Dispose();
        _transfer = null;
        Decide(SliceOrigin.Led);
    }
}
