namespace S3Proxy.Caching.Redis;

/// <summary>How a command ended.</summary>
internal enum RedisCallResult
{
    /// <summary>Answered.</summary>
    Ok,

    /// <summary>No answer within the time-out.</summary>
    TimedOut,

    /// <summary>No connection, or it broke before the answer.</summary>
    Unreachable,

    /// <summary>The server answered that it cannot serve at the moment: it is loading, out of memory, read-only, or without a part of its cluster.</summary>
    Unable,

    /// <summary>The server refused this command.</summary>
    Refused,

    /// <summary>Not sent: the breaker is open.</summary>
    NotTried,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}
