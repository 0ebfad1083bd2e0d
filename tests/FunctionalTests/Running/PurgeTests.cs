using System.Text;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching;
using S3Proxy.Fleet;
using S3Proxy.Testing.Redis;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Requirement I4: a purge that has begun comes to its end.</summary>
public sealed class PurgeTests
{
    [Fact]
    public async Task I4_who_asked_for_a_purge_and_leaves_does_not_end_it()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        string yaml = FileConfigurations.Open.Replace("cache: {", $"cache: {{ redis: {{ connection: \"{redis.Address}\", timeout: 250ms, lease: 1s }},", StringComparison.Ordinal);
        await using FileProxy proxy = await FileProxy.StartAsync(yaml);
        await FileProxy.UntilAsync(() => Task.FromResult(proxy.Services.GetRequiredService<IFleetHearing>().MayTrust(TimeProvider.System.GetTimestamp())));
        proxy.Origin.PutObject(TestProxy.Bucket, "a", "first"u8.ToArray());
        Assert.Equal("first", await proxy.TextAsync("a"));
        ObjectId id = new(proxy.Current.Configuration.Origins["main"].Identity, TestProxy.Bucket, "a");
        Assert.NotNull(proxy.Memory.FindMetadata(id));
        redis.Pause();
        try
        {
            using CancellationTokenSource leaving = new(TimeSpan.FromMilliseconds(100));
            using StringContent body = new("{\"bucket\": \"" + TestProxy.Bucket + "\", \"key\": \"a\"}", Encoding.UTF8, "application/json");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => proxy.Client.PostAsync(new Uri(proxy.Admin, "/admin/purge"), body, leaving.Token));

            await FileProxy.UntilAsync(() => Task.FromResult(proxy.Memory.FindMetadata(id) is null));
        }
        finally
        {
            redis.Resume();
        }
    }
}
