using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Fleet;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Redis;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>
/// An origin changes its place and comes back, and the same store lies behind both (requirements O1, I1): what was written meanwhile is what is read, though objects are cached for ever.
/// </summary>
public sealed class ReturningPlaceTests : IAsyncLifetime
{
    private static readonly string A = FileConfigurations.WithKeys("A");
    private static readonly string B = A.Replace("endpoints:", "identity: b, endpoints:", StringComparison.Ordinal);

    private EmbeddedOrigin _origin = null!;

    public async Task InitializeAsync()
    {
        _origin = await TestProxy.StartOriginAsync(new TestProxyOptions());
        _origin.PutObject(TestProxy.Bucket, "k", "one"u8.ToArray());
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_written_meanwhile_is_read(bool isThroughProxy)
    {
        await using FileProxy proxy = await FileProxy.StartAsync(A, shared: _origin);
        Assert.Equal("one", await ReadAsync(proxy));
        await MoveAsync(proxy, B);
        await WriteAsync(proxy, "two", isThroughProxy);

        await MoveAsync(proxy, A);

        Assert.Equal("two", await ReadAsync(proxy));
    }

    [Fact]
    public async Task A_read_that_outlasts_both_reloads_leaves_nothing_behind()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(A, shared: _origin);
        OriginGate gate = new();
        using FaultRule held = _origin.Faults.Add(new RequestMatch { Method = "GET", Take = 1 }, new FaultEffects { HoldBeforeHeaders = gate });
        Task<string> reading = ReadAsync(proxy);
        await gate.ArrivedAsync(1);
        await MoveAsync(proxy, B);
        await WriteAsync(proxy, "two", isThroughProxy: true);
        await MoveAsync(proxy, A);

        // It began before the write, so either is right; to remember what it was told is not.
        gate.Release();
        await reading;

        Assert.Equal("two", await ReadAsync(proxy));
    }

    [Fact]
    public async Task A_write_that_runs_while_the_place_changes_is_true_of_the_new_one()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(A, shared: _origin);
        OriginGate gate = new();
        using FaultRule held = _origin.Faults.Add(new RequestMatch { Method = "PUT" }, new FaultEffects { HoldOnArrival = gate });
        Task writing = WriteAsync(proxy, "two", isThroughProxy: true);
        await gate.ArrivedAsync(1);
        await MoveAsync(proxy, B);
        Assert.Equal("one", await ReadAsync(proxy));

        gate.Release();
        await writing;

        Assert.Equal("two", await ReadAsync(proxy));
    }

    [Fact]
    public async Task Replicas_that_change_at_other_moments_agree_when_the_last_has()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using FileProxy one = await StartReplicaAsync(redis);
        await using FileProxy two = await StartReplicaAsync(redis);
        Assert.Equal("one", await ReadAsync(one));
        Assert.Equal("one", await ReadAsync(two));
        await MoveAsync(one, OnRedis(B, redis));
        await MoveAsync(two, OnRedis(B, redis));
        await WriteAsync(two, "two", isThroughProxy: true);

        await MoveAsync(one, OnRedis(A, redis));
        Assert.Equal("two", await ReadAsync(one));

        // The other has not heard of it, and what it writes the first does not hear.
        await WriteAsync(two, "three", isThroughProxy: true);
        await MoveAsync(two, OnRedis(A, redis));

        Assert.Equal("three", await ReadAsync(one));
        Assert.Equal("three", await ReadAsync(two));
    }

    [Fact]
    public async Task While_redis_is_away_the_configuration_changes_and_redis_is_told_later()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using FileProxy one = await StartReplicaAsync(redis);
        await using FileProxy two = await StartReplicaAsync(redis);
        Assert.Equal("one", await ReadAsync(one));
        Assert.Equal("one", await ReadAsync(two));
        await MoveAsync(one, OnRedis(B, redis));
        await MoveAsync(two, OnRedis(B, redis));
        await WriteAsync(one, "two", isThroughProxy: true);
        redis.Pause();
        try
        {
            await MoveAsync(one, OnRedis(A, redis));
            Assert.Equal("two", await ReadAsync(one));
            await MoveAsync(two, OnRedis(A, redis));
        }
        finally
        {
            redis.Resume();
        }

        await HearsAsync(one);
        await HearsAsync(two);
        Assert.Equal("two", await ReadAsync(two));
        Assert.Equal("two", await ReadAsync(one));
    }

    private static string OnRedis(string yaml, RedisServer redis) =>
        yaml.Replace("cache: {", $"cache: {{ redis: {{ connection: \"{redis.Address}\", timeout: 250ms, lease: 1s }},", StringComparison.Ordinal);

    private static async Task MoveAsync(FileProxy proxy, string yaml) => Assert.Equal(200, (await proxy.ReloadAsync(yaml)).Status);

    private async Task<FileProxy> StartReplicaAsync(RedisServer redis)
    {
        FileProxy proxy = await FileProxy.StartAsync(OnRedis(A, redis), shared: _origin);
        await HearsAsync(proxy);
        return proxy;
    }

    private static Task HearsAsync(FileProxy proxy) =>
        FileProxy.UntilAsync(() => Task.FromResult(proxy.Services.GetRequiredService<IFleetHearing>().MayTrust(TimeProvider.System.GetTimestamp())));

    private static async Task<string> ReadAsync(FileProxy proxy)
    {
        using SignedClient client = proxy.NewSigned("A", FileConfigurations.SecretOf("A"));
        return Encoding.UTF8.GetString(await client.ReadAsync("k"));
    }

    private async Task WriteAsync(FileProxy proxy, string text, bool isThroughProxy)
    {
        if (!isThroughProxy)
        {
            _origin.PutObject(TestProxy.Bucket, "k", Encoding.UTF8.GetBytes(text));
            return;
        }

        using SignedClient client = proxy.NewSigned("A", FileConfigurations.SecretOf("A"));
        using HttpResponseMessage stored = await client.PutAsync("k", Encoding.UTF8.GetBytes(text));
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
    }
}
