using S3Proxy.Telemetry;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Reads a slice from Redis in its order, also one that is still being written: when no more is there it can be asked again later. Holds one piece of memory at a time. One user.
/// </summary>
internal sealed class RedisSliceReader(IRedis redis, string key, RedisVersion version, int index, RedisMetrics metrics)
{
    /// <summary>One frame of the largest size: whole slices lie in such frames, which are then used where they arrived.</summary>
    private const int PieceBytes = SliceFrames.HeaderBytes + SliceFrames.MaxBodyBytes;

    private readonly SliceFrameReader _frames = new(version, index);
    private long _position;

    /// <summary>How many bytes of the slice were given.</summary>
    public int Offset => _frames.Offset;

    public bool IsComplete => _frames.IsComplete;

    /// <summary>True when something is there that cannot be used: no more will come.</summary>
    public bool IsBroken => _frames.Problem != RecordProblem.None;

    /// <summary>The next bytes, valid until the next call; empty when no more are there at the moment, or the slice is complete, or broken.</summary>
    /// <exception cref="RedisUnavailableException">Redis did not answer. The call may be repeated.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        bool wasBroken = IsBroken;
        ReadOnlyMemory<byte> body;
        while (!_frames.TryRead(out body) && !IsBroken && !IsComplete)
        {
            byte[] piece = await redis.GetRangeAsync(key, _position, PieceBytes, cancellationToken);
            if (piece.Length == 0)
            {
                return default;
            }

            _position += piece.Length;
            _frames.Feed(piece);
        }

        if (IsBroken && !wasBroken)
        {
            metrics.RecordRefused("slice", _frames.Problem);
        }

        return body;
    }
}
