using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace S3Proxy.FunctionalTests;

/// <summary>Keeps what a proxy logs, behind the filters of the product. Thread-safe.</summary>
internal sealed class LogRecords : ILoggerProvider
{
    private readonly ConcurrentQueue<LogRecord> _records = new();

    /// <summary>What was logged until now, in its order.</summary>
    public IReadOnlyList<LogRecord> All => [.. _records];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(_records, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<LogRecord> records, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            records.Enqueue(new LogRecord(category, logLevel, formatter(state, exception), exception));
    }
}
