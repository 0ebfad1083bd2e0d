using System.Buffers;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using S3Proxy.Configuration;

namespace S3Proxy.Telemetry.AccessLogs;

/// <summary>
/// Writes the access log in the background (requirement O4). A request hands its record over and never waits: when <c>accessLog.queue</c> lines wait, or the file cannot be written, the
/// record is dropped and counted.
/// </summary>
/// <remarks>
/// Thread-safe. One task writes; it alone touches the file, which SIGHUP has it open again. Disposing writes what waits, within a bound. Made only when there is an access log.
/// </remarks>
internal sealed class AccessLog : IAccessLogReopen, IAsyncDisposable
{
    private const int MaxBufferBytes = 256 * 1024;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly AccessLogConfiguration _configuration;
    private readonly Channel<AccessRecord> _queue;
    private readonly Func<Stream> _open;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private readonly PosixSignalRegistration? _hangUp;
    private volatile bool _isMoved;
    private long _written;
    private long _dropped;
    private bool _isBroken;

    /// <param name="configuration">What is written, and how much may wait.</param>
    /// <param name="meterFactory">Where lines are counted.</param>
    /// <param name="timeProvider">Bounds the end.</param>
    /// <param name="logger">Hears that the file cannot be written, and that it can again.</param>
    /// <param name="open">Opens the file; null for what the configuration says.</param>
    public AccessLog(AccessLogConfiguration configuration, IMeterFactory meterFactory, TimeProvider timeProvider, ILogger<AccessLog> logger, Func<Stream>? open = null)
    {
        _configuration = configuration;
        _timeProvider = timeProvider;
        _logger = logger;
        _open = open ?? Open;
        _queue = Channel.CreateBounded<AccessRecord>(new BoundedChannelOptions(configuration.Queue) { SingleReader = true });
        Meter meter = meterFactory.Create(ProxyMetrics.MeterName);
        meter.CreateObservableCounter("s3proxy.access_log.written", () => Interlocked.Read(ref _written), "{line}", "Lines written to the access log.");
        meter.CreateObservableCounter("s3proxy.access_log.dropped", () => Interlocked.Read(ref _dropped), "{line}", "Lines of the access log that were dropped because too many waited or the file could not be written.");
        if (configuration.Path is not null && !OperatingSystem.IsWindows())
        {
            _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        }

        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens a file to write on at its end, which others may move away and delete meanwhile.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    internal static Stream OpenFile(string path) => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);

    /// <summary>Lines dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>True when a request with this status is to be told.</summary>
    public bool Wants(int status) => status >= 500 || _configuration.Sample >= 1 || Random.Shared.NextDouble() < _configuration.Sample;

    /// <summary>Hands a record over. Waits for nothing.</summary>
    public void Add(AccessRecord record)
    {
        if (!_queue.Writer.TryWrite(record))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <inheritdoc/>
    public void Reopen() => _isMoved = true;

    /// <summary>Writes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _hangUp?.Dispose();
        _queue.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(EndLimit, _timeProvider);
        }
        catch (TimeoutException)
        {
            Log.AccessLogUnfinished(_logger, _queue.Reader.Count);
        }
    }

    private void OnHangUp(PosixSignalContext context)
    {
        // The process goes on: to end on SIGHUP is what it would do otherwise.
        context.Cancel = true;
        Reopen();
    }

    private async Task WriteAsync()
    {
        Stream? file = null;
        ArrayBufferWriter<byte> buffer = new();
        while (await _queue.Reader.WaitToReadAsync())
        {
            int lines = 0;
            buffer.ResetWrittenCount();
            while (buffer.WrittenCount < MaxBufferBytes && _queue.Reader.TryRead(out AccessRecord? record))
            {
                AccessLine.Write(buffer, record, _configuration.Format);
                lines++;
            }

            file = await TryWriteAsync(file, buffer.WrittenMemory, lines);
        }

        await CloseAsync(file);
    }

    /// <summary>Writes, opening the file if need be; null when that failed and it has to be opened again.</summary>
    private async Task<Stream?> TryWriteAsync(Stream? file, ReadOnlyMemory<byte> lines, int count)
    {
        try
        {
            if (_isMoved)
            {
                _isMoved = false;
                await CloseAsync(file);
                file = null;
            }

            file ??= _open();
            await file.WriteAsync(lines);
            await file.FlushAsync();
            Interlocked.Add(ref _written, count);
            TellBroken(null);
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Interlocked.Add(ref _dropped, count);
            TellBroken(error);
            await CloseAsync(file);
            return null;
        }
    }

    /// <summary>Tells the log of the process once, and not for each line.</summary>
    private void TellBroken(Exception? error)
    {
        if (error is not null && !_isBroken)
        {
            Log.AccessLogBroken(_logger, error);
        }
        else if (error is null && _isBroken)
        {
            Log.AccessLogMended(_logger);
        }

        _isBroken = error is not null;
    }

    private static async Task CloseAsync(Stream? file)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            await file.DisposeAsync();
        }
        catch (IOException)
        {
            // What could not be flushed was counted when it was written.
        }
    }

    private Stream Open() => _configuration.Path is { } path ? OpenFile(path) : Console.OpenStandardOutput();
}
