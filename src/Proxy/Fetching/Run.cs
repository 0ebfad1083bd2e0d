using System.Diagnostics;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Fetching;

/// <summary>
/// One origin GET that fills adjacent slices of one version, each through a flight of its own that any number of readers share. It stays a few
/// slices ahead of its fastest reader, waits for no slower one, and ends when nobody wants more (requirements B4, F4, F5).
/// </summary>
/// <remarks>
/// <para>The pump is one task: it alone reads the origin, writes bodies, and makes and ends claims once the request is sent. <c>_lock</c> protects the readers, the
/// end, the pump's wake signal and, until the request is sent, extent and claims; of other locks only those of the flight tables and flights are taken inside it.</para>
/// <para>A slice's memory is reserved whole before its first byte is read, and while the pump waits for memory or for readers it holds none,
/// so runs cannot starve one another for ever.</para>
/// </remarks>
#pragma warning disable CA1001 // The pump owns what is disposable and disposes of it at its end; nobody else could.
internal sealed partial class Run : ISliceAudience
#pragma warning restore CA1001
{
    private readonly FetchServices _services;
    private readonly ObjectTarget _target;
    private readonly ObjectVersion _version;
    private readonly FlightTables _tables;
    private readonly RunSource _source;
    private readonly Flight<ObjectFlightKey, ObjectAnswer>? _sponsor;
    private readonly Queue<Claim> _claims = new();
    private readonly bool _isReadAhead;
    private int _first;
    private int _last;
    private int _lastWanted;
    private volatile bool _isCorrupt;
    private Claim _current;
    private int _claimedUpTo;

    private Run(FetchServices services, ObjectTarget target, ObjectVersion version, FlightTables tables, Requester requester, int first, RunExtent extent)
    {
        _services = services;
        _target = target;
        _version = version;
        _tables = tables;
        _startedAt = services.TimeProvider.GetTimestamp();
        _first = _next = first;
        _last = extent.Last;
        _lastWanted = extent.LastWanted;
        _isReadAhead = requester.Class == FetchClass.ReadAhead;
        _claimedUpTo = first - 1;
        _span = requester.Span.StartChild("run", ActivityKind.Internal);
        _source = new RunSource(services, tables, target, version, requester with { Span = _span }, Seal);
    }

    private Run(FetchServices services, ObjectTarget target, ObjectVersion version, FlightTables tables, Requester requester, int first, int last, (OriginAnswer Answer, long Position) transfer, Flight<ObjectFlightKey, ObjectAnswer> sponsor)
    {
        _services = services;
        _target = target;
        _version = version;
        _tables = tables;
        _startedAt = services.TimeProvider.GetTimestamp();
        _first = _next = first;
        _last = _lastWanted = last;
        _sponsor = sponsor;
        _isSealed = true;
        _claimedUpTo = first - 1;
        (long position, long end) = Extent();
        _span = requester.Span.StartChild("run", ActivityKind.Internal);
        _source = new RunSource(services, tables, target, version, requester with { Span = _span }, position, end, transfer);
    }

    /// <summary>Tells, once it is decided, where the first of this run's bytes come from: <see cref="SliceOrigin.Led"/> for the origin.</summary>
    public Task<SliceOrigin> FirstOrigin => _source.FirstOrigin;

    /// <summary>True once the bytes of this run turned out not to be the object's: who has read any of them must not end cleanly.</summary>
    public bool IsCorrupt => _isCorrupt;

    /// <summary>A slice the run has come to or claimed: with a body when it is this run that fills it.</summary>
    private readonly record struct Claim(int Index, CoalescingGuard<SliceKey, Run> Guard, SharedBody? Body);

    /// <summary>
    /// Starts a run for the slice whose flight <paramref name="guard"/> leads, and takes the guard over. <paramref name="reader"/> is its first reader;
    /// null when nobody has asked yet and the whole run is read ahead.
    /// </summary>
    public static void Start(FetchServices services, ObjectTarget target, ObjectVersion version, FlightTables tables, Requester requester, CoalescingGuard<SliceKey, Run> guard, RunExtent extent, RunReader? reader)
    {
        int first = guard.Flight.Key.Index;
        Run run = new(services, target, version, tables, requester, first, extent);
        lock (run._lock)
        {
            // From the first claim on, others can find the run and ask it to grow.
            run.Adopt(guard);
            if (reader is not null)
            {
                reader.Position = reader.IsEager ? first - 1 : first;
                run._readers.Add(reader);
                run._joined++;
            }
        }

        reader?.Lead(run);
        run.Begin();
    }

    /// <summary>
    /// Starts the run whose transfer the object's own flight has opened. Until that flight's participants have joined or left, their interest counts
    /// as the run's.
    /// </summary>
    /// <param name="services">What every fetch needs.</param>
    /// <param name="target">The object.</param>
    /// <param name="version">The version the answer carries.</param>
    /// <param name="tables">Where the run claims its slices.</param>
    /// <param name="requester">For whom the origin is asked when the transfer has to be resumed.</param>
    /// <param name="first">First slice the answer carries whole.</param>
    /// <param name="last">Last slice the answer carries whole.</param>
    /// <param name="transfer">The open answer and the object offset of its next byte, at or before slice <paramref name="first"/>. Taken over.</param>
    /// <param name="sponsor">The object's flight.</param>
    public static Run StartSponsored(FetchServices services, ObjectTarget target, ObjectVersion version, FlightTables tables, Requester requester, int first, int last, (OriginAnswer Answer, long Position) transfer, Flight<ObjectFlightKey, ObjectAnswer> sponsor)
    {
        Run run = new(services, target, version, tables, requester, first, last, transfer, sponsor);
        run.Begin();
        sponsor.Deserted.UnsafeRegister(static run => ((Run)run!).OnInterestChanged(), run);
        return run;
    }

    /// <summary>Has other replicas follow what the transfer brings. Takes the lease over, at whatever stage the run is.</summary>
    public void Share(IRunLease lease) => _source.Share(lease);

    private void Begin()
    {
        lock (_lock)
        {
            ClaimUpTo(Math.Min(_last, _first + _services.Options.ClaimSlices - 1));
        }

        FetchStart.Queue(static run => _ = run.PumpAsync(), this, _services.Scheduler);
    }

    private async Task PumpAsync()
    {
        FlightState state = FlightState.Cancelled;
        Exception? error = null;
        try
        {
            state = await FillSlicesAsync() ? FlightState.Complete : FlightState.Cancelled;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Log.RunCancelled(_services.Logger, _version, _current.Index);
        }
        catch (FetchException failure) when (failure.Failure == FetchFailure.Changed)
        {
            _services.Epochs.Forget(_version);
            await ForgetEverywhereAsync();
            state = FlightState.Superseded;
            error = failure;
        }
        catch (FetchException failure) when (failure.Failure == FetchFailure.Corrupt)
        {
            Log.RunFailed(_services.Logger, _version, _current.Index, failure);
            TellCorrupt();
            _services.Epochs.Forget(_version);
            await DropSlicesAsync();
            state = FlightState.Failed;
            error = failure;
        }
        catch (FetchException failure)
        {
            Log.RunFailed(_services.Logger, _version, _current.Index, failure);
            state = FlightState.Failed;
            error = failure;
        }
#pragma warning disable CA1031 // Whatever breaks a run must reach every reader of it; there is nobody above to catch it.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Log.RunUnexpected(_services.Logger, _version, _current.Index, bug);
            state = FlightState.Failed;
            error = bug;
        }
        finally
        {
            CloseToReaders();
            EndClaims(state, error);
            _source.Dispose();
            _stop.Dispose();
            Tell(state);
        }
    }

    /// <summary>Fills slice after slice; false when nobody wanted more before the end.</summary>
    private async Task<bool> FillSlicesAsync()
    {
        await _source.OpenAsync(_stop.Token);
        for (int index = _first; index <= _last; index++)
        {
            ClaimUpTo(Math.Min(_last, index + _services.Options.ClaimSlices - 1));
            if (IsElsewhereFrom(index))
            {
                return true;
            }

            if (!await WaitForDemandAsync(index))
            {
                return false;
            }

            _current = _claims.Dequeue();
            if (_current.Body is null)
            {
                // It was here or under way when claimed; it may be gone by now.
                _current = TryClaim(index);
            }

            int length = _services.Geometry.LengthOf(index, _version.SizeBytes);
            if (_current.Body is null)
            {
                await DiscardAsync(length);
            }
            else
            {
                if (!await FillAsync(_current.Body, index))
                {
                    return false;
                }

                Publish(_current);
                _filledBytes += length;
            }

            _current = default;
            _source.ThrowIfSpoilt();
        }

        return true;
    }

    /// <summary>Fills one slice; false when it is read ahead and there is no memory to spare for that.</summary>
    private async Task<bool> FillAsync(SharedBody body, int index)
    {
        TimeSpan limit = index <= _lastWanted ? _services.Options.MemoryWaitLimit : TimeSpan.Zero;
        using MemoryReservation? reservation = await _services.Memory.ReserveAsync(body.Length, limit, _services.TimeProvider, _stop.Token);
        if (reservation is null && index > _lastWanted)
        {
            return false;
        }

        if (reservation is null)
        {
            throw new FetchException(FetchFailure.OutOfMemory, $"No memory came free for {_version} within {_services.Options.MemoryWaitLimit}.");
        }

        while (body.Watermark < body.Length)
        {
            int read = await _source.ReadAsync(body.GetWriteMemory(reservation), _stop.Token);
            body.Publish(read);
        }

        return true;
    }

    /// <summary>
    /// True when what comes next is here or under way elsewhere for so long that asking again behind it costs less than reading over it.
    /// </summary>
    private bool IsElsewhereFrom(int index)
    {
        int behind = index;
        foreach (Claim claim in _claims)
        {
            if (claim.Body is not null || !IsElsewhere(claim.Index))
            {
                break;
            }

            behind++;
        }

        return behind > _last || behind - index >= _services.Options.MaxGapSlices;
    }

    private bool IsElsewhere(int index)
    {
        SliceKey key = new(_version, index);
        return _services.Memory.ContainsSlice(key) || _tables.Slices.IsInFlight(key);
    }

    private async Task DiscardAsync(int length)
    {
        byte[] scratch = new byte[Math.Min(length, SharedBody.SegmentBytes)];
        while (length > 0)
        {
            length -= await _source.ReadAsync(scratch.AsMemory(0, Math.Min(length, scratch.Length)), _stop.Token);
        }
    }

    /// <summary>Into the tier first and out of the table last, so that a reader finds the slice in one of them at every moment.</summary>
    private void Publish(Claim claim)
    {
        claim.Body!.End(complete: true);

        // The tier keeps the audience as long as the slice. Nobody is still on the way to an only slice, and a small object would weigh less than its run.
        _services.Memory.AdmitSlice(claim.Guard.Flight.Key, claim.Body, _first == _last ? null : this);
        _source.Store(claim.Index, claim.Body);
        Close(claim, FlightState.Complete, error: null);
    }

    private void ClaimUpTo(int index)
    {
        while (_claimedUpTo < index)
        {
            _claims.Enqueue(TryClaim(++_claimedUpTo));
        }
    }

    private Claim TryClaim(int index)
    {
        SliceKey key = new(_version, index);
        if (_services.Memory.ContainsSlice(key))
        {
            return new Claim(index, default, null);
        }

        CoalescingGuard<SliceKey, Run> guard = _tables.Slices.Acquire(key);
        if (!guard.IsLeader)
        {
            guard.Dispose();
            return new Claim(index, default, null);
        }

        if (_services.Memory.ContainsSlice(key))
        {
            guard.Flight.End(FlightState.Cancelled);
            guard.Dispose();
            return new Claim(index, default, null);
        }

        return Take(guard);
    }

    private void Adopt(CoalescingGuard<SliceKey, Run> guard)
    {
        _claims.Enqueue(Take(guard));
        _claimedUpTo++;
    }

    private Claim Take(CoalescingGuard<SliceKey, Run> guard)
    {
        int index = guard.Flight.Key.Index;
        SharedBody body = new(_services.Geometry.LengthOf(index, _version.SizeBytes));
        guard.Flight.Body = body;
        guard.Flight.Publish(this);
        return new Claim(index, guard, body);
    }

    /// <summary>Whoever reads on asks anew; it must not be told of this version again.</summary>
    private ValueTask ForgetEverywhereAsync() => _services.Fleet?.ForgetAsync(_version.Id, _version) ?? ValueTask.CompletedTask;

    /// <summary>Whole slices went into the tiers as they came; all of them are in doubt now, whoever stored them.</summary>
    private async ValueTask DropSlicesAsync()
    {
        for (int index = _first; index <= _last; index++)
        {
            _services.Memory.RemoveSlice(new SliceKey(_version, index));
        }

        // Who found it out has told all.
        if (_services.Fleet is { } fleet && !_source.IsSpoilt)
        {
            await fleet.ForgetAsync(_version.Id, _version);
            await fleet.DropAsync(_version);
        }
    }

    private void EndClaims(FlightState state, Exception? error)
    {
        // A run that was complete has no claims left; one that ended early in whatever way must not leave a reader waiting.
        FlightState left = state == FlightState.Complete ? FlightState.Cancelled : state;
        Close(_current, left, error);
        _current = default;
        while (_claims.TryDequeue(out Claim claim))
        {
            Close(claim, left, error);
        }
    }

    private static void Close(Claim claim, FlightState state, Exception? error)
    {
        if (claim.Body is null)
        {
            return;
        }

        claim.Guard.Flight.End(state, default, error);
        claim.Guard.Dispose();
        claim.Body.Release();
    }
}
