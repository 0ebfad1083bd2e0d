using Microsoft.Extensions.Logging;

namespace S3Proxy.FunctionalTests;

/// <summary>One message of the log of the process. Immutable.</summary>
internal sealed record LogRecord(string Category, LogLevel Level, string Message, Exception? Error);
