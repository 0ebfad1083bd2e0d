using Microsoft.Playwright;
using S3Proxy.FunctionalTests;
using Xunit.Abstractions;

namespace S3Proxy.BrowserTests;

/// <summary>Makes the pictures of README.md anew when <c>S3PROXY_SCREENSHOTS</c> names a folder: the page in both themes, over the load of a hot set and a herd.</summary>
[Collection(OneChromium.Name)]
public sealed class ScreenshotTests(Chromium chromium, ITestOutputHelper output)
{
    private const int Objects = 120;
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(75);

    [Fact]
    public async Task Pictures_are_made_on_demand()
    {
        if (Environment.GetEnvironmentVariable("S3PROXY_SCREENSHOTS") is not { Length: > 0 } folder || chromium.Find(output) is not { } browser)
        {
            output.WriteLine("No pictures: S3PROXY_SCREENSHOTS is not set, or there is no browser.");
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { BytesPerSecond = 3 << 20, FirstByteDelay = TimeSpan.FromMilliseconds(60), MemoryBytes = 256L << 20, MaxRecordedOriginRequests = 0 });
        for (int i = 0; i < Objects; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"resnet/shard-{i:D4}.bin", new byte[(i % 12 + 1) * 20_000]);
        }

        proxy.Origin.PutObject(TestProxy.Bucket, "releases/model-7b.safetensors", new byte[96 << 20]);
        await using Dashboard light = await Dashboard.OpenAsync(browser, proxy.Admin, ColorScheme.Light);
        await using Dashboard dark = await Dashboard.OpenAsync(browser, proxy.Admin, ColorScheme.Dark);
        using CancellationTokenSource end = new(LoadTime);
        Task load = Task.WhenAll(Enumerable.Range(0, 6).Select(reader => ReadOnAsync(proxy, reader, end.Token)));
        await load;
        Task<HttpResponseMessage>[] herd = [.. Enumerable.Range(0, 24).Select(_ => proxy.Client.GetAsync($"/{TestProxy.Bucket}/releases/model-7b.safetensors"))];
        foreach ((Dashboard dashboard, string name) in new[] { (light, "dashboard.png"), (dark, "dashboard-dark.png") })
        {
            await dashboard.Page.Locator("#flight-table tbody td[data-value='24']").First.WaitForAsync();
            await dashboard.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name) });
            dashboard.AssertClean();
        }

        foreach (HttpResponseMessage answer in await Task.WhenAll(herd))
        {
            answer.Dispose();
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
