#if REDIS
using System.Globalization;
using System.Net;
using S3Proxy.Configuration;
using S3Proxy.Testing.Redis;
#endif

namespace S3Proxy.FunctionalTests;

/// <summary>
/// What the suite runs with besides what each test asks for: nothing, or in two further builds a real Redis before every proxy, with and without push (requirement W7). Each proxy is a fleet of its own.
/// </summary>
internal static class SuiteRedis
{
#if REDIS
    private static readonly Lazy<Task<RedisServer>> Server = new(() => RedisServer.StartAsync());
    private static int _fleets;

    /// <summary>Adds Redis; not to tests with a clock of their own, on which no replica would renew its membership, nor to those that bring their own.</summary>
    public static async Task<TestProxyOptions> AddToAsync(TestProxyOptions options)
    {
        if (options.Redis is not null || options.ProxyTime != TimeProvider.System || RedisServer.FindMissing() is not null)
        {
            return options;
        }

        RedisServer server = await Server.Value;
        return options with
        {
            Redis = new RedisConfiguration
            {
                Endpoints = [new RedisEndpoint(IPAddress.Loopback.ToString(), server.Port)],
                Cluster = Interlocked.Increment(ref _fleets).ToString(CultureInfo.InvariantCulture),

                // On a machine that is busy with other tests: a heartbeat that is late, or a command, must not be taken for a Redis that is away.
                Timeout = TimeSpan.FromSeconds(2),
                Lease = TimeSpan.FromSeconds(10),
            },
#if POLL
            Waking = options.Waking with { Enabled = false, FallbackInterval = TimeSpan.FromMilliseconds(20) },
#endif
        };
    }
#else
    /// <summary>Adds nothing.</summary>
    public static Task<TestProxyOptions> AddToAsync(TestProxyOptions options) => Task.FromResult(options);
#endif
}
