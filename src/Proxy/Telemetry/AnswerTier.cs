namespace S3Proxy.Telemetry;

/// <summary>Where the first byte of an answer came from, as logs and metrics tell it.</summary>
internal enum AnswerTier : byte
{
    /// <summary>From nowhere: the proxy answered by itself, or not at all.</summary>
    None,

    /// <summary>This replica's memory.</summary>
    Memory,

    /// <summary>Redis, which replicas share.</summary>
    Redis,

    /// <summary>The origin, for this request or for one it shared a flight with.</summary>
    Origin,
}
