using S3Proxy.Coalescing;
using S3Proxy.Telemetry;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Reads a slice from Redis in its order, also one that is still being written: when no more is there it can be asked again later. One user.
/// </summary>
/// <remarks>While one piece is used the next is on its way, so that a round trip is waited for once a slice and not once a piece; it holds two pieces of memory at most.</remarks>
internal sealed class RedisSliceReader(IRedis redis, string key, RedisVersion version, int index, RedisMetrics metrics)
{
    /// <summary>One frame of the largest size: slices lie in such frames but for their rest, which are then used where they arrived.</summary>
    private const int PieceBytes = SliceFrames.HeaderBytes + SliceFrames.MaxBodyBytes;

    private readonly SliceFrameReader _frames = new(version, index);

    /// <summary>Bytes of the slice when it was written whole. One that was written in smaller parts is longer, and its end is read piece by piece.</summary>
    private readonly long _wholeBytes = version.LengthOf(index) + (SliceFrames.HeaderBytes * (long)new SegmentLayout(version.LengthOf(index)).Count);

    private Task<byte[]>? _next;
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
            Task<byte[]>? asked = _next;
            _next = null;
            byte[] piece = await (asked ?? redis.GetRangeAsync(key, _position, PieceBytes, cancellationToken).AsTask());
            if (piece.Length == 0)
            {
                return default;
            }

            _position += piece.Length;
            _frames.Feed(piece);
            if (piece.Length == PieceBytes && _position < _wholeBytes)
            {
                AskForNext(cancellationToken);
            }
        }

        if (IsBroken && !wasBroken)
        {
            metrics.RecordRefused("slice", _frames.Problem);
        }

        return body;
    }

    /// <summary>Asked for by the caller's token, which is the same for all reads of a run; whoever stops reading does not wait for it.</summary>
    private void AskForNext(CancellationToken cancellationToken)
    {
        _next = redis.GetRangeAsync(key, _position, PieceBytes, cancellationToken).AsTask();
        _next.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
