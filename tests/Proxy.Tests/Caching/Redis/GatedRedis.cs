using System.Collections.Concurrent;
using S3Proxy.Caching.Redis;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>Strings in memory behind a gate, in place of Redis. Scripts and channels are not there. Thread-safe.</summary>
internal sealed class GatedRedis : IRedis, IDisposable
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _gate = new(0);

    public bool IsAvailable { get; set; } = true;

    /// <summary>True: every write waits to be let through.</summary>
    public bool IsGated { get; set; }

    /// <summary>True: every write fails.</summary>
    public bool IsFailing { get; set; }

    public bool IsCluster => false;

    public ConcurrentDictionary<string, byte[]> Strings { get; } = new();

    /// <summary>Where reads of strings began, in their order.</summary>
    public ConcurrentQueue<long> ReadFrom { get; } = new();

    /// <summary>Waits until one more write has come to the gate.</summary>
    public async Task WaitForWriteAsync() => Assert.True(await _entered.WaitAsync(RedisBench.Limit, CancellationToken.None));

    public void LetThrough(int writes) => _gate.Release(writes);

    public int SlotOf(string key) => 0;

    public ValueTask<byte[]> GetRangeAsync(string key, long start, int maxBytes, CancellationToken cancellationToken)
    {
        ReadFrom.Enqueue(start);
        return ValueTask.FromResult(Strings.TryGetValue(key, out byte[]? value) ? value.Skip((int)start).Take(maxBytes).ToArray() : []);
    }

    public async ValueTask<long> AppendAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return Strings.AddOrUpdate(key, [.. value], (_, before) => [.. before, .. value]).Length;
    }

    public async ValueTask SetAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        Strings[key] = [.. value];
    }

    public ValueTask<long> RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keys.LongCount(key => Strings.TryRemove(key, out _)));

    public ValueTask<RedisReply> EvaluateAsync(RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisArgument> arguments, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask PublishAsync(string channel, byte[] message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask SubscribeAsync(string channel, Action<byte[]> onMessage, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void OnLinkChanged(Action<bool> isUp) => throw new NotSupportedException();

    public void Dispose()
    {
        _entered.Dispose();
        _gate.Dispose();
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        _entered.Release();
        if (IsGated)
        {
            await _gate.WaitAsync(cancellationToken);
        }

        if (IsFailing)
        {
            throw new RedisUnavailableException("As the test wants it.");
        }
    }
}
