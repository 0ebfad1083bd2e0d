namespace S3Proxy.Testing.Redis;

/// <summary>A Redis server did not start, or answered an error.</summary>
public sealed class RedisServerException : Exception
{
    public RedisServerException()
    {
    }

    public RedisServerException(string message)
        : base(message)
    {
    }

    public RedisServerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
