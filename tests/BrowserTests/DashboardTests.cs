using Microsoft.Playwright;
using S3Proxy.FunctionalTests;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.BrowserTests;

/// <summary>Requirement O5: the page shows what happens, in a real browser.</summary>
[Collection(OneChromium.Name)]
public sealed class DashboardTests(Chromium chromium, ITestOutputHelper output)
{
    private const string HostileKey = "<img src=x onerror=alert(1)>\u202egpj.exe\u0007 & \"quoted\" שלום";

    [Fact]
    public async Task Numbers_on_the_page_are_those_of_the_metrics()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"a{i}", new byte[100_000 + i]);
            for (int read = 0; read <= i; read++)
            {
                await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a{i}");
            }
        }

        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin);
        await dashboard.WaitForNumberAsync("request-total", 6);
        string metrics = await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics"));

        Assert.Equal(Sum(metrics, "s3proxy_requests_total", "outcome=\"HIT\""), await dashboard.NumberAsync("#outcomes tr:has(.HIT) td:nth-child(3)"));
        Assert.Equal(Sum(metrics, "s3proxy_requests_total", "outcome=\"MISS\""), await dashboard.NumberAsync("#outcomes tr:has(.MISS) td:nth-child(3)"));
        Assert.Equal(3, await dashboard.NumberAsync("#outcomes tr:has(.MISS) td:nth-child(3)"));
        Assert.Equal(0.5, await dashboard.NumberAsync("#hit-ratio"));
        Assert.Equal(Sum(metrics, "s3proxy_served_bytes_total"), await dashboard.NumberAsync("#bytes-served"));
        Assert.Equal(Sum(metrics, "s3proxy_origin_bytes_total"), await dashboard.NumberAsync("#bytes-origin"));
        Assert.Equal(Sum(metrics, "s3proxy_origin_requests_total"), await dashboard.NumberAsync("#origin-requests"));
        Assert.Equal(Sum(metrics, "s3proxy_memory_bytes", "kind=\"used\""), await dashboard.NumberAsync("#m-used"));
        Assert.Equal(Sum(metrics, "s3proxy_objects"), await dashboard.NumberAsync("#m-objects"));
        Assert.Equal(Sum(metrics, "s3proxy_slices"), await dashboard.NumberAsync("#m-slices"));
        Assert.Equal(Sum(metrics, "s3proxy_saved_requests_total"), await dashboard.NumberAsync("#requests-saved"));
        Assert.True(await dashboard.NumberAsync("#outcomes tr:has(.HIT) td:nth-child(6)") > 0);
        Assert.EndsWith("s", await dashboard.Page.Locator("#first-byte").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await dashboard.NumberAsync("#refused-rate"));
        Assert.True(await dashboard.Page.Locator("#reload").IsHiddenAsync());
        Assert.Equal("models", await dashboard.Page.Locator("#buckets tbody th").TextContentAsync());
        Assert.Equal(6, await dashboard.NumberAsync("#buckets tbody td:nth-child(2)"));
        Assert.Equal(3, await dashboard.Page.Locator("#hot-keys tbody tr").CountAsync());
        dashboard.AssertClean();
    }

    [Fact]
    public async Task A_flight_shows_with_its_readers_while_it_runs_and_a_hostile_key_is_only_text()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, HostileKey, new byte[3 << 20]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 2 << 20) });
        Task<byte[]>[] reads = [.. Enumerable.Range(0, 5).Select(_ => proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{Uri.EscapeDataString(HostileKey)}"))];
        await gate.ArrivedAsync(1);

        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin);
        ILocator row = dashboard.Page.Locator("#flight-table tbody tr");
        await row.Locator("td[data-value='5']").WaitForAsync();
        Assert.Equal(1, await row.CountAsync());
        string key = (await row.Locator("th").TextContentAsync())!;
        Assert.Contains("<img src=x onerror=alert(1)>\\u{202e}gpj.exe\\u{7}", key, StringComparison.Ordinal);
        Assert.Contains("leader", await row.TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await dashboard.Page.Locator("table img").CountAsync());

        gate.Release();
        await Task.WhenAll(reads);
        await dashboard.Page.Locator("#no-flights").WaitForAsync();
        await dashboard.Page.Locator("#hot-keys tbody tr").WaitForAsync();
        Assert.Contains("\\u{202e}", await dashboard.Page.Locator("#hot-keys tbody th").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await dashboard.Page.Locator("table img").CountAsync());
        dashboard.AssertClean();
    }

    [Fact]
    public async Task With_a_token_the_page_shows_nothing_before_it_has_it()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { AdminToken = "s3cret" });
        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin, expectsRefusals: true);
        IPage page = dashboard.Page;
        await page.Locator("#sign-in").WaitForAsync();
        Assert.True(await page.Locator("#data").IsHiddenAsync());

        await page.GetByLabel("Token", new PageGetByLabelOptions { Exact = true }).FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("That token is not accepted.").WaitForAsync();
        Assert.True(await page.Locator("#data").IsHiddenAsync());

        await page.GetByLabel("Token", new PageGetByLabelOptions { Exact = true }).FillAsync("s3cret");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#data").WaitForAsync();
        Assert.True(await page.Locator("#sign-in").IsHiddenAsync());
        Assert.DoesNotContain("s3cret", await page.ContentAsync(), StringComparison.Ordinal);

        await page.ReloadAsync();
        await page.Locator("#data").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Forget token" }).ClickAsync();
        await page.Locator("#sign-in").WaitForAsync();
        Assert.True(await page.Locator("#data").IsHiddenAsync());
        Assert.Null(await page.EvaluateAsync<string?>("sessionStorage.getItem('s3proxy.token')"));
        dashboard.AssertClean();
    }

    [Fact]
    public async Task A_page_of_another_site_changes_nothing()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[10]);
        await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a");
        await using IBrowserContext context = await browser.NewContextAsync();
        IPage page = await context.NewPageAsync();
        await page.GotoAsync("about:blank");

        foreach (string type in new[] { "text/plain", "application/json", "application/x-www-form-urlencoded" })
        {
            await page.EvaluateAsync(
                """([url, type]) => fetch(url, { method: 'POST', mode: type === 'application/json' ? 'cors' : 'no-cors', headers: { 'Content-Type': type }, body: '{"all":true}' }).catch(() => null)""",
                new[] { new Uri(proxy.Admin, "/admin/purge").ToString(), type });
        }

        using HttpResponseMessage read = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/a");
        Assert.Equal("HIT", read.Headers.GetValues("x-cache").Single());
    }

    private static double Sum(string metrics, string name, string label = "") => metrics.Split('\n')
        .Where(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
}
