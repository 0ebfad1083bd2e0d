using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// The bytes of a version from Redis, slice after slice: what is kept and, when another replica is followed, what it adds. Ends where nothing more is to be had; the run then
/// looks anew. One reader.
/// </summary>
/// <remarks>While it waits it holds the bytes of one slice that were read and not delivered. It waits for a message, and looks for itself when none comes.</remarks>
internal sealed class SharedTransfer : ISharedTransfer
{
    /// <summary>Bytes asked for at once.</summary>
    private const int PieceBytes = 256 * 1024;

    private readonly FleetReads _fleet;
    private readonly ObjectVersion _version;
    private readonly string _versionTag;
    private readonly int _last;
    private readonly Following? _following;
    private SliceFrameReader? _frames;
    private int _index;
    private int _start;
    private long _lastProgress;

    /// <param name="fleet">Redis, geometry, clock.</param>
    /// <param name="version">The version.</param>
    /// <param name="versionTag">Its tag.</param>
    /// <param name="position">Object offset of the first byte to deliver.</param>
    /// <param name="last">Last slice to deliver.</param>
    /// <param name="following">The replica that brings more; null to read only what is kept.</param>
    public SharedTransfer(FleetReads fleet, ObjectVersion version, string versionTag, long position, int last, Following? following)
    {
        _fleet = fleet;
        _version = version;
        _versionTag = versionTag;
        _last = last;
        _following = following;
        _index = fleet.Geometry.IndexOf(position);
        _start = (int)(position - fleet.Geometry.StartOf(_index));
        _lastProgress = fleet.TimeProvider.GetTimestamp();
    }

    /// <inheritdoc/>
    public bool WasKept => _following is null;

    /// <summary>Reads what is kept of the first slice; true when the first byte is there.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask<bool> TryBeginAsync(CancellationToken cancellationToken)
    {
        // A frame may be longer than what is read at once.
        while (Frames.Available <= _start && await ReadMoreAsync(cancellationToken))
        {
        }

        return Frames.Available > _start;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (_index <= _last)
            {
                int read = Frames.Read(_start, buffer.Span);
                if (read > 0)
                {
                    Advance(read);
                    return read;
                }

                bool hasEnded = _following is null or { HasEnded: true };
                if (await ReadMoreAsync(cancellationToken))
                {
                    continue;
                }

                TimeSpan left = _fleet.MaxWait - _fleet.TimeProvider.GetElapsedTime(_lastProgress);
                if (hasEnded || Frames.IsBroken || left <= TimeSpan.Zero)
                {
                    return 0;
                }

                await _following!.WaitAsync(left, cancellationToken);
            }
        }
        catch (RedisUnavailableException error)
        {
            Log.TransferEnded(_fleet.Logger, _version, error);
        }

        return 0;
    }

    public void Dispose() => _following?.Dispose();

    private SliceFrameReader Frames => _frames ??= new SliceFrameReader(RedisKeys.Identity(_version, _fleet.Geometry.SliceBytes), _index, _fleet.Geometry.LengthOf(_index, _version.SizeBytes));

    private void Advance(int bytes)
    {
        _start += bytes;
        _lastProgress = _fleet.TimeProvider.GetTimestamp();
        if (_start == _fleet.Geometry.LengthOf(_index, _version.SizeBytes))
        {
            _index++;
            _start = 0;
            _frames = null;
            if (_index <= _last)
            {
                _following?.MoveTo(_index);
            }
        }
    }

    /// <summary>Asks Redis for what came behind the frames read so far; false when nothing did.</summary>
    private async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        byte[] bytes = await _fleet.Redis.GetRangeAsync(_fleet.Keys.Slice(_versionTag, _index), Frames.ConsumedBytes, PieceBytes, cancellationToken);
        Frames.Append(bytes);
        return bytes.Length > 0 && !Frames.IsBroken;
    }
}
