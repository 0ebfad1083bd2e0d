namespace S3Proxy.Caching.Redis;

/// <summary>Redis gave no answer: it is down, slow, refused the command, or the breaker is open. What was asked may or may not have been done.</summary>
internal sealed class RedisUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong; never <see cref="RedisCallResult.Ok"/>.</summary>
    public RedisCallResult Result { get; init; } = RedisCallResult.Unreachable;
}
