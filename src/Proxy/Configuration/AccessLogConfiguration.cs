namespace S3Proxy.Configuration;

/// <summary>The log of requests.</summary>
internal sealed record AccessLogConfiguration
{
    /// <summary>How a line is written. Default: no line is.</summary>
    public AccessLogFormat Format { get; init; }

    /// <summary>The file, or null for standard output.</summary>
    public string? Path { get; init; }

    /// <summary>Share of requests that are written, from 0 to 1; failures always are. Default 1.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>Lines that may wait to be written; what comes while so many wait is dropped and counted. Default 65,536.</summary>
    public int Queue { get; init; } = 65_536;
}
