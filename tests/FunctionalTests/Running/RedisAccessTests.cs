using System.Net;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Fleet;
using S3Proxy.Testing.Redis;
using Yarp.ReverseProxy.Configuration;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Redis' password is rotated while the proxy runs, and keeps nothing else from being reloaded (requirements O1, A5).</summary>
public sealed class RedisAccessTests
{
    [Fact]
    public async Task A_rotated_password_is_used_by_new_connections_and_a_key_that_is_revoked_with_it_is_refused()
    {
        await using RedisServer redis = await RedisServer.StartAsync(new RedisServerOptions { Password = "first" });
        string file = $"cache: {{ redis: {{ connection: \"{redis.Address}\", timeout: 250ms, lease: 1s, passwordFile: redis.secret }},";
        await using FileProxy proxy = await FileProxy.StartAsync(Yaml("A", "B"), directory => File.WriteAllText(Path.Combine(directory.FullName, "redis.secret"), "first"));
        await FileProxy.UntilAsync(() => Task.FromResult(IsHearing(proxy)));
        using SignedClient revoked = proxy.NewSigned("B", FileConfigurations.SecretOf("B"));
        await File.WriteAllTextAsync(Path.Combine(proxy.Directory.FullName, "redis.secret"), "second");
        await redis.CommandAsync("CONFIG", "SET", "requirepass", "second");

        Assert.Equal(200, (await proxy.ReloadAsync(Yaml("A"))).Status);

        using HttpResponseMessage refused = await revoked.GetAsync("k");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        // Connections that are lost come back with the new password.
        int gaps = await GapsAsync(proxy);
        await redis.DropClientsAsync("pubsub");
        await redis.DropClientsAsync("normal");
        await FileProxy.UntilAsync(async () => await GapsAsync(proxy) > gaps && IsHearing(proxy));

        string Yaml(params IEnumerable<string> keys) => FileConfigurations.WithKeys(keys).Replace("cache: {", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_that_fails_leaves_the_password_as_it_was()
    {
        await using RedisServer redis = await RedisServer.StartAsync(new RedisServerOptions { Password = "first" });
        string yaml = FileConfigurations.Open.Replace("cache: {", $"cache: {{ redis: {{ connection: \"{redis.Address}\", timeout: 250ms, lease: 1s, passwordFile: redis.secret }},", StringComparison.Ordinal);
        await using FileProxy proxy = await FileProxy.StartAsync(yaml, directory => File.WriteAllText(Path.Combine(directory.FullName, "redis.secret"), "first"));
        await FileProxy.UntilAsync(() => Task.FromResult(IsHearing(proxy)));
        using IDisposable applying = proxy.Services.GetRequiredService<InMemoryConfigProvider>().GetConfig().ChangeToken.RegisterChangeCallback(_ => throw new InvalidOperationException("Once."), null);
        await File.WriteAllTextAsync(Path.Combine(proxy.Directory.FullName, "redis.secret"), "second");
        Assert.Equal(400, (await proxy.ReloadAsync(yaml)).Status);

        int gaps = await GapsAsync(proxy);
        await redis.DropClientsAsync("pubsub");
        await redis.DropClientsAsync("normal");

        await FileProxy.UntilAsync(async () => await GapsAsync(proxy) > gaps && IsHearing(proxy));
    }

    private static async Task<int> GapsAsync(FileProxy proxy) =>
        (await proxy.MetricsAsync("s3proxy_fleet_gaps_total ")).Sum(line => int.Parse(line[line.LastIndexOf(' ')..], System.Globalization.CultureInfo.InvariantCulture));

    private static bool IsHearing(FileProxy proxy) => proxy.Services.GetRequiredService<IFleetHearing>().MayTrust(TimeProvider.System.GetTimestamp());
}
