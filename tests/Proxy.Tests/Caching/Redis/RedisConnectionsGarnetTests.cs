using S3Proxy.Testing;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>The adapter on another server than Redis, when it is asked for.</summary>
public sealed class RedisConnectionsGarnetTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Scripts_strings_and_messages_work_on_garnet()
    {
        if (GarnetServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using GarnetServer server = await GarnetServer.StartAsync(Repository.PathOf(""));
        await using RedisBench bench = new(server.Address);

        await RedisScenarios.UseScriptsAsync(bench);
        await RedisScenarios.UseStringsAsync(bench);
        await RedisScenarios.HearMessagesInOrderAsync(bench);
    }
}
