using System.Globalization;
using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>
/// The bytes of a run from its origin, in order. Opens the transfer when first read, checks every answer before a byte of it is used, and
/// resumes a broken transfer at the byte reached, for the same version, a bounded number of times (requirement F6). One reader.
/// </summary>
internal sealed partial class RunSource : IDisposable
{
    private readonly FetchServices _services;
    private readonly FlightTables _tables;
    private readonly ObjectTarget _target;
    private readonly ObjectVersion _version;
    private Requester _requester;
    private readonly Func<(long Position, long End)>? _seal;
    private CancellationTokenSource? _noProgress;
    private OriginAnswer? _answer;
    private WholeObjectCheck? _check;
    private bool _pinVersionId;
    private int _resumes;
    private int _resumesWithoutProgress;
    private long _position;
    private long _end;
    private long _askedUpTo;
    private bool _isSealed;
    private TimeSpan _reading;
    private bool _hasProgressed;
    private long _brokeAt;
    private long _unwanted;

    /// <param name="services">Origin, clock and bounds.</param>
    /// <param name="tables">Where its run's slices are claimed; tells whether anything is shared.</param>
    /// <param name="target">The object.</param>
    /// <param name="version">The one version that may be read.</param>
    /// <param name="requester">For whom the origin is asked.</param>
    /// <param name="seal">Called when the first request is about to be sent: tells for good from which object offset to which (exclusive) bytes are wanted.</param>
    public RunSource(FetchServices services, FlightTables tables, ObjectTarget target, ObjectVersion version, Requester requester, Func<(long Position, long End)> seal)
    {
        _services = services;
        _tables = tables;
        _target = target;
        _version = version;
        _requester = requester;
        _seal = seal;
        (_position, _end) = (0, long.MaxValue);
    }

    /// <param name="services">Origin, clock and bounds.</param>
    /// <param name="tables">Where its run's slices are claimed; tells whether anything is shared.</param>
    /// <param name="target">The object.</param>
    /// <param name="version">The one version that may be read.</param>
    /// <param name="requester">For whom the origin is asked.</param>
    /// <param name="position">Object offset of the first byte wanted.</param>
    /// <param name="end">Object offset behind the last byte wanted.</param>
    /// <param name="transfer">An answer that is open already, with the object offset of its next byte, at or before <paramref name="position"/>.</param>
    public RunSource(FetchServices services, FlightTables tables, ObjectTarget target, ObjectVersion version, Requester requester, long position, long end, (OriginAnswer Answer, long Position) transfer)
    {
        _services = services;
        _tables = tables;
        _target = target;
        _version = version;
        _requester = requester;
        (_position, _end) = (position, end);
        _askedUpTo = end;
        _isSealed = true;
        _answer = transfer.Answer;
        Decide(SliceOrigin.Led);
        _unwanted = position - transfer.Position;
        if (_unwanted == 0)
        {
            StartCheck(_answer);
        }
    }

    /// <summary>Bytes still to come; nearly endless before the extent is known.</summary>
    public long Remaining => Volatile.Read(ref _end) - Volatile.Read(ref _position);

    /// <summary>Opens the transfer, unless it is open. Waits for its turn at the origin; the extent is final afterwards.</summary>
    /// <exception cref="FetchException">The bytes of this version cannot be had.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        while (_answer is null && _transfer is null)
        {
            if (await TryShareAsync(cancellationToken))
            {
                return;
            }

            FetchException failure;
            try
            {
                await TryOpenAsync(cancellationToken);
                return;
            }
            catch (FetchException error) when (IsTransient(error))
            {
                failure = error;
            }

            await PauseBeforeResumeAsync(failure, cancellationToken);
        }
    }

    /// <summary>
    /// Reads at least one byte into <paramref name="buffer"/>, which is not larger than what remains. The last bytes of a whole object are given only
    /// once its checksum is right.
    /// </summary>
    /// <exception cref="FetchException">The bytes of this version cannot be had.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            await OpenAsync(cancellationToken);
            if (_transfer is not null)
            {
                int shared = await ReadSharedAsync(buffer, cancellationToken);
                if (shared > 0)
                {
                    return shared;
                }

                continue;
            }

            long start = _services.TimeProvider.GetTimestamp();
            int read = await TrySkipUnwantedAsync(cancellationToken) ? await TryReadAsync(buffer, cancellationToken) : 0;
            if (read > 0)
            {
                Advance(buffer.Span[..read]);
                CloseIfOverdue(_services.TimeProvider.GetElapsedTime(start));
                CloseAtEndOfLease();
                return read;
            }

            await PauseBeforeResumeAsync(failure: null, cancellationToken);
        }
    }

    private void Advance(ReadOnlySpan<byte> bytes)
    {
        ThrowIfSpoilt();
        Check(bytes);
        Volatile.Write(ref _position, _position + bytes.Length);
        _resumesWithoutProgress = 0;
        _hasProgressed = true;
    }

    /// <summary>Gives a transfer up that has been read for longer than the origin's total time; what is missing is asked for anew.</summary>
    private void CloseIfOverdue(TimeSpan read)
    {
        _reading += read;
        if (_target.Bucket.Origin.Timeouts.Total is { Ticks: > 0 } total && _reading >= total && _position < _askedUpTo && _resumes < _services.Options.MaxResumes)
        {
            _resumes++;
            CloseTransfer();
        }
    }

    private void CloseTransfer()
    {
        _answer!.Dispose();
        _answer = null;
        _reading = TimeSpan.Zero;
    }

    public void Dispose()
    {
        // Cached slices keep their run; the transfer and the span must not stay with it.
        _answer?.Dispose();
        _answer = null;
        _requester = _requester with { Span = null };
        _noProgress?.Dispose();
        _noProgress = null;
        _check?.Dispose();
        _check = null;
        EndSharing();
    }

    /// <summary>Only a run that sees every byte of the object can recompute its checksum; a resumed one goes on with what it has.</summary>
    private void StartCheck(OriginAnswer answer)
    {
        if (answer.Status == 200 && _position == 0 && _end == _version.SizeBytes)
        {
            _check ??= WholeObjectCheck.For(answer, _target.Bucket.Origin, _services.ETagProofs);
        }
    }

    private void Check(ReadOnlySpan<byte> bytes)
    {
        _check?.Append(bytes);
        if (_position + bytes.Length == _end && _check?.Fails() == true)
        {
            throw new FetchException(FetchFailure.Corrupt, $"The {_version.SizeBytes} bytes the origin sent of {_version} do not have the checksum that its {_check.Source} tells.");
        }
    }

    /// <summary>Reads once; 0 when the transfer broke, which closes it.</summary>
    private async ValueTask<int> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        CancellationToken bounded = ArmNoProgress(cancellationToken);
        try
        {
            int read = await _answer!.Body.ReadAsync(buffer, bounded);
            _noProgress!.CancelAfter(Timeout.InfiniteTimeSpan);
            if (read > 0)
            {
                return read;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No byte for too long: the same as a broken transfer.
            _noProgress!.Dispose();
            _noProgress = null;
        }
        catch (Exception error) when (error is IOException or HttpRequestException or ObjectDisposedException)
        {
            Log.TransferBroken(_services.Logger, _version, _position, error);
            _noProgress!.CancelAfter(Timeout.InfiniteTimeSpan);
        }

        _services.Origin.ReportBroken(_answer!);
        CloseTransfer();
        return 0;
    }

    private CancellationToken ArmNoProgress(CancellationToken cancellationToken)
    {
        // The token of a run is the same for every read, so one linked source serves them all.
        if (_noProgress is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            // It fired after the last read had its bytes; that read was in time.
            _noProgress.Dispose();
            _noProgress = null;
        }

        if (_noProgress is null)
        {
            _noProgress = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _services.TimeProvider);
            CancellationTokenSource armed = _noProgress;
            cancellationToken.UnsafeRegister(static source => Cancel((CancellationTokenSource)source!), armed);
        }

        _noProgress.CancelAfter(_target.Bucket.Origin.Timeouts.NoProgress);
        return _noProgress.Token;
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended at the same moment; there is nothing left to cancel.
        }
    }

    /// <summary>
    /// Waits before the transfer is opened again. Once bytes have come it is patient, up to the origin's time without progress: readers have begun, and an origin that
    /// restarts is back in seconds. Before the first byte nobody has got anything yet, and a clear answer soon is worth more.
    /// </summary>
    private async ValueTask PauseBeforeResumeAsync(FetchException? failure, CancellationToken cancellationToken)
    {
        FetchOptions options = _services.Options;
        if (_resumesWithoutProgress == 0)
        {
            _resumes++;
            _brokeAt = _services.TimeProvider.GetTimestamp();
        }

        int attempts = _hasProgressed ? options.MaxResumesWithoutProgress : Math.Min(options.MaxOpens, options.MaxResumesWithoutProgress);
        do
        {
            bool isOver = _services.TimeProvider.GetElapsedTime(_brokeAt) >= _target.Bucket.Origin.Timeouts.NoProgress;
            if (_resumes > options.MaxResumes || _resumesWithoutProgress >= attempts || isOver)
            {
                throw new FetchException(failure?.Failure ?? FetchFailure.Broken,
                    $"The transfer of {_version} broke at byte {_position}; it was resumed {_resumes - 1} times, the last time in vain.", failure);
            }

            TimeSpan pause = options.ResumePause * Math.Pow(2, _resumesWithoutProgress);
            _resumesWithoutProgress++;
            await Task.Delay(pause < options.LongestResumePause ? pause : options.LongestResumePause, _services.TimeProvider, cancellationToken);
        }
        while (!_services.Origin.MayRepeat(_target));
    }

    private static bool IsTransient(FetchException error) => error.Failure is FetchFailure.Unreachable or FetchFailure.TimedOut or FetchFailure.Broken;

    private async ValueTask TryOpenAsync(CancellationToken cancellationToken)
    {
        OriginAnswer answer = await SendAsync(cancellationToken);
        try
        {
            if (answer.Status is not (200 or 206))
            {
                throw FailureOf(answer.Status);
            }

            AnswerExtent extent = AnswerCheck.ExtentOf(answer, _version, _position, _askedUpTo);
            _unwanted = _position - extent.First;
            if (_unwanted > FetchPlan.MaxRangedRunBytes)
            {
                throw new FetchException(FetchFailure.InvalidAnswer, $"The origin ignores Range and would send {_unwanted} bytes before the ones asked for.");
            }
        }
        catch
        {
            answer.Dispose();
            throw;
        }

        _answer = answer;
        StartCheck(answer);
    }

    private async ValueTask<OriginAnswer> SendAsync(CancellationToken cancellationToken)
    {
        OriginRead read = new()
        {
            Target = _target,
            Requester = _requester,
            Method = HttpMethod.Get,
            IfMatch = _version.ETag,
            VersionId = _pinVersionId ? _version.VersionId : null,
            Sealing = Seal,
        };
        OriginAnswer answer = await _services.Origin.SendAsync(read, cancellationToken);
        if (!_isSealed)
        {
            answer.Dispose();
            throw new InvalidOperationException("The origin reader sent a read without taking it as it was to be sent.");
        }

        // Overwritten, but the bucket keeps versions: the one that readers began with is still there (requirement F7).
        bool canPin = !_pinVersionId && _version.VersionId is not (null or "null");
        if (answer.Status == 412 && canPin)
        {
            answer.Dispose();
            _pinVersionId = true;
            answer = await _services.Origin.SendAsync(read with { VersionId = _version.VersionId }, cancellationToken);
        }

        return answer;
    }

    private OriginRead Seal(OriginRead read)
    {
        SealExtent();
        bool isWhole = _position == 0 && _askedUpTo == _version.SizeBytes;
        return read with { Sealing = null, Range = isWhole ? null : string.Create(CultureInfo.InvariantCulture, $"bytes={_position}-{_askedUpTo - 1}") };
    }

    private void SealExtent()
    {
        if (!_isSealed)
        {
            (long position, long end) = _seal!();
            Volatile.Write(ref _position, position);
            Volatile.Write(ref _end, end);
            _askedUpTo = end;
            _isSealed = true;
        }
    }

    private FetchException FailureOf(int status) => status switch
    {
        // Who may read the object but not its versions is refused the pinned one, and it is gone for the proxy too.
        403 when _pinVersionId => new FetchException(FetchFailure.Changed, $"{_version} is not the current version any more, and the origin refuses it by its version id."),
        412 or 404 or 416 => new FetchException(FetchFailure.Changed, $"{_version} is not the current version any more (the origin answered {status})."),
        _ => new FetchException(FetchFailure.Broken, $"The origin answered {status} to a read of {_version} at byte {_position}."),
    };

    /// <summary>Reads over bytes before the ones wanted, which a suffix range brings, and an origin that ignores Range. False when the transfer broke.</summary>
    private async ValueTask<bool> TrySkipUnwantedAsync(CancellationToken cancellationToken)
    {
        if (_unwanted == 0)
        {
            return true;
        }

        byte[] scratch = new byte[(int)Math.Min(_unwanted, 64 * 1024)];
        while (_unwanted > 0)
        {
            int read = await TryReadAsync(scratch.AsMemory(0, (int)Math.Min(_unwanted, scratch.Length)), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _unwanted -= read;
        }

        return true;
    }
}
