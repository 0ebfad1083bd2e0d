using S3Proxy.Caching.Redis;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// The bytes of a version from Redis, slice after slice: what is kept and, when another replica is followed, what it adds. Ends where nothing more is to be had; the run then
/// looks anew. One reader.
/// </summary>
/// <remarks>While it waits it holds at most a piece that was read and not delivered. It waits for a message, and looks for itself when none comes.</remarks>
internal sealed class SharedTransfer : ISharedTransfer
{
    private readonly FleetReads _fleet;
    private readonly RedisVersion _version;
    private readonly int _last;
    private readonly Following? _following;
    private RedisSliceReader _slice;
    private ReadOnlyMemory<byte> _pending;
    private int _index;
    private int _start;
    private long _lastProgress;

    /// <param name="fleet">Redis, geometry, clock.</param>
    /// <param name="version">The version.</param>
    /// <param name="position">Object offset of the first byte to deliver.</param>
    /// <param name="last">Last slice to deliver.</param>
    /// <param name="following">The replica that brings more; null to read only what is kept.</param>
    public SharedTransfer(FleetReads fleet, RedisVersion version, long position, int last, Following? following)
    {
        _fleet = fleet;
        _version = version;
        _last = last;
        _following = following;
        _index = fleet.Geometry.IndexOf(position);
        _start = (int)(position - fleet.Geometry.StartOf(_index));
        _slice = fleet.Slices.Read(version, _index);
        _lastProgress = fleet.TimeProvider.GetTimestamp();
    }

    /// <inheritdoc/>
    public bool WasKept => _following is null;

    /// <inheritdoc/>
    public long Lease => _following?.Fence ?? 0;

    /// <summary>Reads what is kept of the first slice, up to the first byte; true when that is there.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask<bool> TryBeginAsync(CancellationToken cancellationToken)
    {
        while (_pending.IsEmpty)
        {
            ReadOnlyMemory<byte> bytes = await _slice.ReadAsync(cancellationToken);
            if (bytes.IsEmpty)
            {
                return false;
            }

            // What comes before the place where this transfer begins is passed over.
            int before = Math.Max(0, _start - (_slice.Offset - bytes.Length));
            _pending = before < bytes.Length ? bytes[before..] : default;
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (_index <= _last)
            {
                // Asked before Redis is: what the holder wrote before its end must not be missed.
                bool hasEnded = _following is null or { HasEnded: true };
                if (await TryBeginAsync(cancellationToken))
                {
                    return Deliver(buffer.Span);
                }

                TimeSpan left = _fleet.MaxWait - _fleet.TimeProvider.GetElapsedTime(_lastProgress);
                if (hasEnded || _slice.IsBroken || left <= TimeSpan.Zero)
                {
                    return 0;
                }

                await _following!.WaitAsync(left, cancellationToken);
            }
        }
        catch (RedisUnavailableException error)
        {
            Log.TransferEnded(_fleet.Logger, _version.Version, error);
        }

        return 0;
    }

    public void Dispose() => _following?.Dispose();

    private int Deliver(Span<byte> buffer)
    {
        int length = Math.Min(buffer.Length, _pending.Length);
        _pending.Span[..length].CopyTo(buffer);
        _pending = _pending[length..];
        _start += length;
        _lastProgress = _fleet.TimeProvider.GetTimestamp();
        if (_start == _version.LengthOf(_index))
        {
            BeginNext();
        }

        return length;
    }

    private void BeginNext()
    {
        _index++;
        _start = 0;
        if (_index <= _last)
        {
            _slice = _fleet.Slices.Read(_version, _index);
            _following?.MoveTo(_index);
        }
    }
}
