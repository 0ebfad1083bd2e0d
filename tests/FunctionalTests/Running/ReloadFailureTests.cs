using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Origin;
using S3Proxy.Reloading;
using Yarp.ReverseProxy.Configuration;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Requirement O1: a reload that has begun comes to its end, and one that fails is told and made up for.</summary>
public sealed class ReloadFailureTests
{
    [Fact]
    public async Task Who_asked_for_a_reload_and_leaves_does_not_end_it()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        using CancellationTokenSource leaving = new();
        AppliedRoutes applied = new();
        InMemoryConfigProvider routes = new([], []);
        OriginRouting routing = ActivatorUtilities.CreateInstance<OriginRouting>(proxy.Services, routes, applied);
        routing.Begin(proxy.Current.Configuration, [proxy.Services.GetRequiredService<EndpointDataSource>()]);
        using Reloader reloader = ActivatorUtilities.CreateInstance<Reloader>(proxy.Services, routing);
        proxy.Write(FileConfigurations.WithKeys("A"));

        Task<ReloadReport> reloading = reloader.ReloadAsync("a test", leaving.Token);
        Assert.False(reloading.IsCompleted);
        await leaving.CancelAsync();
        applied.ConfigurationApplied([routes.GetConfig()]);

        Assert.Equal(ReloadResult.Applied, (await reloading).Result);
        Assert.Equal("Forbidden", await proxy.TextAsync("k"));
        Assert.Equal(ReloadResult.Unchanged, (await proxy.Reloader.ReloadAsync("a test", CancellationToken.None)).Result);
    }

    [Fact]
    public async Task Who_leaves_while_another_reload_runs_has_read_nothing()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        IReadOnlyDictionary<string, string?> before = proxy.Reloader.LastRead;
        proxy.Write(FileConfigurations.WithKeys("A"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => proxy.Reloader.ReloadAsync("a test", new CancellationToken(canceled: true)));

        Assert.Same(before, proxy.Reloader.LastRead);
    }

    [Fact]
    public async Task A_reload_that_runs_does_not_hold_up_who_stops_at_once()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        AppliedRoutes applied = new();
        InMemoryConfigProvider routes = new([], []);
        IProxyConfig first = routes.GetConfig();
        OriginRouting routing = ActivatorUtilities.CreateInstance<OriginRouting>(proxy.Services, routes, applied);
        routing.Begin(proxy.Current.Configuration, [proxy.Services.GetRequiredService<EndpointDataSource>()]);
        using Reloader reloader = ActivatorUtilities.CreateInstance<Reloader>(proxy.Services, routing);
        CurrentSnapshot often = new(proxy.Current.Configuration with { ReloadInterval = TimeSpan.FromMilliseconds(20) });
        using ConfigurationWatch watch = ActivatorUtilities.CreateInstance<ConfigurationWatch>(proxy.Services, reloader, often);
        await watch.StartAsync(CancellationToken.None);
        proxy.Write(FileConfigurations.WithKeys("A"));
        await FileProxy.UntilAsync(() => Task.FromResult(routes.GetConfig() != first));

        await watch.StopAsync(new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromMinutes(1));

        applied.ConfigurationApplied([routes.GetConfig()]);
        await watch.StopAsync(CancellationToken.None);
        Assert.Equal("Forbidden", await proxy.TextAsync("k"));
    }

    [Fact]
    public async Task What_cannot_be_taken_over_is_told_and_tried_again_by_who_watches_the_files()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open.Replace("interval: 0s", "interval: 20ms", StringComparison.Ordinal));
        using IDisposable applying = proxy.Services.GetRequiredService<InMemoryConfigProvider>().GetConfig().ChangeToken.RegisterChangeCallback(_ => throw new InvalidOperationException("The first time."), null);
        IReadOnlyDictionary<string, string?> before = proxy.Reloader.LastRead;
        proxy.Write(FileConfigurations.WithKeys("A").Replace("interval: 0s", "interval: 20ms", StringComparison.Ordinal));

        await FileProxy.UntilAsync(async () => (await proxy.MetricsAsync("s3proxy_config_reloads_total{result=\"refused\"}")).Length > 0);

        await FileProxy.UntilAsync(async () => await proxy.TextAsync("k") == "Forbidden");
        Assert.Equal(["s3proxy_config_last_reload_successful 1"], await proxy.MetricsAsync("s3proxy_config_last_reload_successful"));
        Assert.NotEqual(before, proxy.Reloader.LastRead);
    }
}
