using System.Collections.Concurrent;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>Turns the library's results into ours. Thread-safe.</summary>
internal static class RedisResults
{
    // The library's first version does not tell what a result is, so that each of its few classes is tried once.
    private static readonly ConcurrentDictionary<Type, bool> IsListByType = new();

    /// <exception cref="RedisServerException">The script answered an error inside a list.</exception>
    public static RedisReply ToReply(RedisResult? result)
    {
        if (result is null || result.IsNull)
        {
            return default;
        }

        if (!IsListByType.GetOrAdd(result.GetType(), static (_, sample) => IsList(sample), result))
        {
            RedisValue value = (RedisValue)result;
            return value.IsInteger ? RedisReply.Of((long)value) : RedisReply.Of((byte[]?)value);
        }

        RedisResult[] items = (RedisResult[])result!;
        RedisReply[] replies = new RedisReply[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            replies[i] = ToReply(items[i]);
        }

        return RedisReply.Of(replies);
    }

    private static bool IsList(RedisResult sample)
    {
        try
        {
            _ = (RedisResult[])sample!;
            return true;
        }
        catch (InvalidCastException)
        {
            return false;
        }
    }
}
