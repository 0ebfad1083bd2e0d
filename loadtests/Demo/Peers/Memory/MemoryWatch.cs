namespace S3Proxy.Demo.Peers.Memory;

/// <summary>Reads how much memory something takes, again and again until it is disposed, and remembers the most. Thread-safe, but for disposing.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    /// <summary>From the end of one reading to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Func<long> _readBytes;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private long _peakBytes;

    /// <summary>Begins at once.</summary>
    /// <param name="readBytes">Called by one thread at a time.</param>
    /// <param name="time">Its clock.</param>
    public MemoryWatch(Func<long> readBytes, TimeProvider time)
    {
        _readBytes = readBytes;
        _time = time;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The most that was read so far.</summary>
    public long PeakBytes => Interlocked.Read(ref _peakBytes);

    /// <summary>Reads once more, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Read();
            await Task.Delay(Interval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Read();
    }

    private void Read() => Interlocked.Exchange(ref _peakBytes, Math.Max(PeakBytes, _readBytes()));
}
