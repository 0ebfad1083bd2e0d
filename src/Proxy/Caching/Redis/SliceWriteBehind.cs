using System.Collections.Concurrent;
using System.Threading.Channels;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Writes whole slices to Redis behind their readers (design, invariant 11): whoever hands one over is never held up, and what Redis cannot take is dropped and counted. Thread-safe.
/// </summary>
/// <remarks>
/// A slice that waits is one reference to its memory, within <c>cache.redis.writeBehind</c>; every reference is given back, also at the end.
/// </remarks>
internal sealed class SliceWriteBehind : IAsyncDisposable
{
    private const int Writers = 2;
    private const int FramesInPiece = 4;
    private const int PieceBytes = FramesInPiece * (SliceFrames.HeaderBytes + SliceFrames.MaxBodyBytes);

    private readonly IRedis _redis;
    private readonly RedisSlices _slices;
    private readonly RedisMetrics _metrics;
    private readonly long _budgetBytes;
    private readonly Channel<Fill> _queue = Channel.CreateUnbounded<Fill>();
    private readonly ConcurrentDictionary<Fill, byte> _pending = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _writing;
    private long _queuedBytes;

    public SliceWriteBehind(IRedis redis, RedisSlices slices, RedisConfiguration configuration, RedisMetrics metrics)
    {
        _redis = redis;
        _slices = slices;
        _metrics = metrics;
        _budgetBytes = configuration.WriteBehindBytes;
        metrics.WatchQueue(() => QueuedBytes);
        _writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAllAsync)));
    }

    /// <summary>Bytes of slices that wait or are being written.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Takes a complete slice to be written some time; false when it will not be.</summary>
    /// <param name="version">Whose slice.</param>
    /// <param name="index">Which slice.</param>
    /// <param name="body">All of its bytes. A reference is taken, the caller keeps its own.</param>
    /// <param name="onEnd">Called once with true when it is written, with false when it was dropped after all; not when this returns false. Must not block.</param>
    public bool TryEnqueue(RedisVersion version, int index, SharedBody body, Action<bool>? onEnd = null)
    {
        if (!_slices.IsKept(body.Length) || body.Watermark < body.Length)
        {
            return false;
        }

        if (!_redis.IsAvailable)
        {
            return Drop(FillDropReason.Unavailable);
        }

        if (Interlocked.Add(ref _queuedBytes, body.Length) > _budgetBytes)
        {
            Interlocked.Add(ref _queuedBytes, -body.Length);
            return Drop(FillDropReason.Full);
        }

        if (!body.TryAddReference())
        {
            Interlocked.Add(ref _queuedBytes, -body.Length);
            return false;
        }

        Fill fill = new(version, index, body, onEnd);
        _pending[fill] = 0;
        if (_queue.Writer.TryWrite(fill))
        {
            return true;
        }

        GiveUp(fill);
        return Drop(FillDropReason.Ended);
    }

    /// <summary>Gives up what waits of a version whose bytes turned out to be wrong; what is being written at the moment is removed again.</summary>
    public void Forget(ObjectVersion version)
    {
        foreach (Fill fill in _pending.Keys)
        {
            if (fill.Version.Version.Equals(version))
            {
                fill.IsForgotten = true;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        await _end.CancelAsync();
        await _writing;
        _end.Dispose();
    }

    private bool Drop(FillDropReason reason)
    {
        _metrics.FillDropped(reason);
        return false;
    }

    private void Finish(Fill fill, bool isWritten)
    {
        GiveUp(fill);
        fill.OnEnd?.Invoke(isWritten);
    }

    private void GiveUp(Fill fill)
    {
        _pending.TryRemove(fill, out _);
        Interlocked.Add(ref _queuedBytes, -fill.Body.Length);
        fill.Body.Release();
    }

    private async Task WriteAllAsync()
    {
        // The library is done with it once it has the answer; without one nobody knows, and another takes its place.
        byte[] piece = new byte[PieceBytes];
        await foreach (Fill fill in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            bool isWritten = false;
            try
            {
                if (_end.IsCancellationRequested || fill.IsForgotten)
                {
                    Drop(FillDropReason.Ended);
                }
                else if (!_redis.IsAvailable)
                {
                    Drop(FillDropReason.Unavailable);
                }
                else
                {
                    await WriteAsync(fill, piece);
                    isWritten = !fill.IsForgotten;
                    await RemoveForgottenAsync(fill);
                }
            }
            catch (Exception error) when (error is RedisUnavailableException or OperationCanceledException)
            {
                piece = new byte[PieceBytes];
                Drop(error is RedisUnavailableException ? FillDropReason.Failed : FillDropReason.Ended);
                await RemoveForgottenAsync(fill);
            }
            finally
            {
                Finish(fill, isWritten);
            }
        }
    }

    private async Task WriteAsync(Fill fill, byte[] piece)
    {
        for (int offset = 0; offset < fill.Body.Length && !fill.IsForgotten;)
        {
            int rest = fill.Body.Length - offset;
            byte[] target = rest >= FramesInPiece * SliceFrames.MaxBodyBytes ? piece : new byte[rest + (new SegmentLayout(rest).Count * SliceFrames.HeaderBytes)];
            bool isFirst = offset == 0;
            for (int filled = 0; filled < target.Length;)
            {
                ReadOnlyMemory<byte> body = fill.Body.Peek(offset);
                filled += SliceFrames.Write(target.AsSpan(filled), fill.Version, fill.Index, offset, body.Span);
                offset += body.Length;
            }

            await (isFirst ? _slices.SetAsync(fill.Version, fill.Index, target, _end.Token) : _slices.AppendAsync(fill.Version, fill.Index, target, _end.Token));
        }

        if (!fill.IsForgotten)
        {
            _metrics.Filled();
        }
    }

    private async Task RemoveForgottenAsync(Fill fill)
    {
        if (!fill.IsForgotten)
        {
            return;
        }

        try
        {
            await _slices.RemoveAsync(fill.Version, fill.Index, fill.Index, CancellationToken.None);
        }
        catch (RedisUnavailableException)
        {
            // Whoever found the bytes wrong tells all replicas; Redis forgets them with their time.
        }
    }

    private sealed class Fill(RedisVersion version, int index, SharedBody body, Action<bool>? onEnd)
    {
        private volatile bool _isForgotten;

        public RedisVersion Version { get; } = version;

        public int Index { get; } = index;

        public SharedBody Body { get; } = body;

        public Action<bool>? OnEnd { get; } = onEnd;

        public bool IsForgotten
        {
            get => _isForgotten;
            set => _isForgotten = value;
        }
    }
}
