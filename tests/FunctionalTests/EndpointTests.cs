using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>An origin with several endpoints; requirement R1.</summary>
public sealed class EndpointTests
{
    private static readonly EmbeddedOriginOptions SecondOptions = new() { Credentials = [new OriginCredential(TestProxy.OriginKeyId, TestProxy.OriginSecret)], Buckets = [TestProxy.Bucket] };

    [Fact]
    public async Task With_one_endpoint_dead_every_read_and_write_succeeds()
    {
        await using EmbeddedOrigin dead = await EmbeddedOrigin.StartAsync(SecondOptions);
        await dead.StopListeningAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, MoreEndpoints = [dead.Endpoint] });

        for (int i = 0; i < 10; i++)
        {
            byte[] body = Encoding.UTF8.GetBytes($"body {i}");
            using HttpResponseMessage put = await proxy.Signed.PutAsync($"key{i}", body);
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
            Assert.Equal(body, await proxy.Signed.ReadAsync($"key{i}"));
            using HttpResponseMessage list = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, null, "list-type=2");
            Assert.True(list.IsSuccessStatusCode, await list.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Reads_move_on_when_an_endpoint_dies()
    {
        await using EmbeddedOrigin second = await EmbeddedOrigin.StartAsync(SecondOptions);
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MoreEndpoints = [second.Endpoint] });
        for (int i = 0; i < 20; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"key{i}", Encoding.UTF8.GetBytes($"body {i}"));
            second.PutObject(TestProxy.Bucket, $"key{i}", Encoding.UTF8.GetBytes($"body {i}"));
        }

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal($"body {i}", await proxy.Client.GetStringAsync($"/{TestProxy.Bucket}/key{i}"));
        }

        Assert.True(second.Traffic.GetCount > 0 && proxy.Origin.Traffic.GetCount > 0, "both endpoints are used");
        await second.StopListeningAsync();
        for (int i = 10; i < 20; i++)
        {
            Assert.Equal($"body {i}", await proxy.Client.GetStringAsync($"/{TestProxy.Bucket}/key{i}"));
        }
    }
}
