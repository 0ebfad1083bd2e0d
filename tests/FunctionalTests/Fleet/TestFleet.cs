using System.Net;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Redis;

namespace S3Proxy.FunctionalTests.Fleet;

/// <summary>Several replicas in this process, with one Redis and one origin. At its end each of them must have everything back.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    private TestFleet(RedisServer redis, EmbeddedOrigin origin, IReadOnlyList<TestProxy> replicas)
    {
        Redis = redis;
        Origin = origin;
        Replicas = replicas;
    }

    public RedisServer Redis { get; }

    public EmbeddedOrigin Origin { get; }

    public IReadOnlyList<TestProxy> Replicas { get; }

    public TestProxy this[int index] => Replicas[index];

    /// <summary>Starts replicas and comes back when they hear each other.</summary>
    public static async Task<TestFleet> StartAsync(int count = 3, bool push = true, TestProxyOptions? options = null, Func<RedisConfiguration, RedisConfiguration>? redisSide = null)
    {
        options ??= new TestProxyOptions();
        RedisServer redis = await RedisServer.StartAsync();
        EmbeddedOrigin origin = await TestProxy.StartOriginAsync(options);
        RedisConfiguration configuration = new() { Endpoints = [new RedisEndpoint(IPAddress.Loopback.ToString(), redis.Port)], Timeout = TimeSpan.FromSeconds(2) };
        options = options with
        {
            SharedOrigin = origin,
            Redis = redisSide is null ? configuration : redisSide(configuration),
            Waking = options.Waking with { Enabled = push, FallbackInterval = push ? options.Waking.FallbackInterval : TimeSpan.FromMilliseconds(20) },
        };
        List<TestProxy> replicas = [];
        for (int i = 0; i < count; i++)
        {
            replicas.Add(await TestProxy.StartAsync(options));
        }

        return new TestFleet(redis, origin, replicas);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (TestProxy replica in Replicas)
            {
                await replica.DisposeAsync();
            }
        }
        finally
        {
            await Origin.DisposeAsync();
            await Redis.DisposeAsync();
        }
    }
}
