using Microsoft.Playwright;
using S3Proxy.Configuration;
using S3Proxy.FunctionalTests;
using Xunit.Abstractions;

namespace S3Proxy.BrowserTests;

/// <summary>Makes the pictures of README.md anew when <c>S3PROXY_SCREENSHOTS</c> names a folder: the page in both themes, over the load of a hot set and a herd.</summary>
[Collection(OneChromium.Name)]
public sealed class ScreenshotTests(Chromium chromium, ITestOutputHelper output)
{
    private const int Objects = 120;
    private static readonly TimeSpan LoadTime = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Pictures_are_made_on_demand()
    {
        if (Environment.GetEnvironmentVariable("S3PROXY_SCREENSHOTS") is not { Length: > 0 } folder || chromium.Find(output) is not { } browser)
        {
            output.WriteLine("No pictures: S3PROXY_SCREENSHOTS is not set, or there is no browser.");
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            BytesPerSecond = 3 << 20,
            FirstByteDelay = TimeSpan.FromMilliseconds(60),
            MemoryBytes = 256L << 20,
            MaxRecordedOriginRequests = 0,
            Rule = new CacheRule { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromSeconds(8), StaleWhileRevalidate = TimeSpan.FromSeconds(3) },
        });
        for (int i = 0; i < Objects; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"resnet/shard-{i:D4}.bin", new byte[(i % 12 + 1) * 20_000]);
        }

        proxy.Origin.PutObject(TestProxy.Bucket, "releases/model-7b.safetensors", new byte[96 << 20]);
        ViewportSize size = new() { Width = 1280, Height = 1250 };
        await using Dashboard light = await Dashboard.OpenAsync(browser, proxy.Admin, ColorScheme.Light, size: size);
        await using Dashboard dark = await Dashboard.OpenAsync(browser, proxy.Admin, ColorScheme.Dark, size: size);
        using CancellationTokenSource end = new(LoadTime);
        Task load = Task.WhenAll([.. Enumerable.Range(0, 6).Select(reader => ReadOnAsync(proxy, reader, end.Token)), StormAsync(proxy, end.Token)]);
        Task[] herd = [];
        foreach ((Dashboard dashboard, string name) in new[] { (light, "dashboard.png"), (dark, "dashboard-dark.png") })
        {
            await dashboard.Page.Locator("#uptime", new PageLocatorOptions { HasText = "2 min 3" }).WaitForAsync(new LocatorWaitForOptions { Timeout = 240_000 });
            herd = herd.Length > 0 ? herd : [.. Enumerable.Range(0, 24).Select(_ => proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/releases/model-7b.safetensors"))];
            await dashboard.Page.Locator("#flight-table tbody tr:has(td[data-value='24']) td:nth-child(7)", new PageLocatorOptions { HasText = "MiB" }).WaitForAsync();
            await dashboard.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name) });
            dashboard.AssertClean();
        }

        await end.CancelAsync();
        await load;
        await Task.WhenAll(herd);
    }

    /// <summary>Many clients at once for something that is not here yet, again and again.</summary>
    private static async Task StormAsync(TestProxy proxy, CancellationToken end)
    {
        try
        {
            for (int turn = 0; !end.IsCancellationRequested; turn++)
            {
                string key = $"jobs/{turn:D3}/input.parquet";
                proxy.Origin.PutObject(TestProxy.Bucket, key, new byte[300_000]);
                await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{key}", end)));
                await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The load is over.
        }
    }

    /// <summary>Reads popular objects often and others seldom, a few times a second, more in waves.</summary>
    private static async Task ReadOnAsync(TestProxy proxy, int reader, CancellationToken end)
    {
        Random random = new(reader);
        try
        {
            for (int turn = 0; !end.IsCancellationRequested; turn++)
            {
                int index = (int)(Objects * Math.Pow(random.NextDouble(), 3));
                await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/resnet/shard-{index:D4}.bin", end);
                await Task.Delay(TimeSpan.FromMilliseconds(20 + (25 * (1 + Math.Sin(turn / 60.0)))), TimeProvider.System, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The load is over.
        }
    }
}
