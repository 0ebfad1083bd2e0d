using System.Collections.Frozen;

namespace S3Proxy.Configuration;

/// <summary>The log of the process.</summary>
internal sealed record LogConfiguration
{
    /// <summary>How a message is written. Default text.</summary>
    public LogFormat Format { get; init; }

    /// <summary>Least level that is written. Default information.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Levels of categories that differ, by the beginning of their names.</summary>
    public FrozenDictionary<string, LogLevel> Categories { get; init; } = FrozenDictionary<string, LogLevel>.Empty;
}
