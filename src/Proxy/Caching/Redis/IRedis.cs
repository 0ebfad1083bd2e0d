namespace S3Proxy.Caching.Redis;

/// <summary>
/// The commands that the proxy sends to Redis, and nothing of the client library: the border at which its version can change.
/// </summary>
/// <remarks>
/// Thread-safe; one for the whole process. Every call ends within the configured time-out; whatever goes wrong is one <see cref="RedisUnavailableException"/>, and the caller does without.
/// Values travel on connections of their own, so that a large one never stands before a lease or a wake.
/// </remarks>
internal interface IRedis
{
    /// <summary>False while the breaker is open: calls would fail at once.</summary>
    bool IsAvailable { get; }

    /// <summary>True for Redis Cluster: the keys of one script must share a slot.</summary>
    bool IsCluster { get; }

    /// <summary>Runs a script. Its keys are in one slot where <see cref="IsCluster"/>. A script that the server does not know is sent whole.</summary>
    /// <exception cref="RedisUnavailableException">No answer; the script may have run.</exception>
    ValueTask<RedisReply> EvaluateAsync(RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisArgument> arguments, CancellationToken cancellationToken);

    /// <summary>Which slot a key is in: keys of different slots cannot share a script. 0 where there are no slots.</summary>
    int SlotOf(string key);

    /// <summary>At most <paramref name="maxBytes"/> bytes of a string from <paramref name="start"/>; empty when there are none. Bulk connection.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    ValueTask<byte[]> GetRangeAsync(string key, long start, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Appends to a string and has it kept for <paramref name="timeToLive"/> from now on; tells its length. Bulk connection.</summary>
    /// <exception cref="RedisUnavailableException">No answer; it may have been appended.</exception>
    ValueTask<long> AppendAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Sets a string. Bulk connection.</summary>
    /// <exception cref="RedisUnavailableException">No answer; it may have been set.</exception>
    ValueTask SetAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Removes keys, of any slots; tells how many there were.</summary>
    /// <exception cref="RedisUnavailableException">No answer; they may have been removed.</exception>
    ValueTask<long> RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Sends a message to whoever is subscribed at this moment.</summary>
    /// <exception cref="RedisUnavailableException">No answer; it may have been sent.</exception>
    ValueTask PublishAsync(string channel, byte[] message, CancellationToken cancellationToken);

    /// <summary>
    /// Hears a channel from now on, also after reconnects. <paramref name="onMessage"/> is called in the order of the messages, one at a time for a channel, and must not block.
    /// </summary>
    /// <exception cref="RedisUnavailableException">Not subscribed.</exception>
    ValueTask SubscribeAsync(string channel, Action<byte[]> onMessage, CancellationToken cancellationToken);

    /// <summary>
    /// Called when the connection that hears channels is lost and when it is back: between the two, and shortly before the first, messages may have been missed. Must not block.
    /// </summary>
    void OnLinkChanged(Action<bool> isUp);
}
