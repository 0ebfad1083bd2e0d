using Microsoft.Playwright;
using S3Proxy.FunctionalTests;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.BrowserTests;

/// <summary>Requirements O5, I4, C8: what the page can do, with the mouse and with keys alone.</summary>
[Collection(OneChromium.Name)]
public sealed class DashboardFormTests(Chromium chromium, ITestOutputHelper output)
{
    [Fact]
    public async Task A_purge_asks_first_tells_how_many_and_the_next_read_misses()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        await PutAndReadAsync(proxy, "dir/a", "dir/b", "c");
        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin);
        IPage page = dashboard.Page;
        await page.Locator("#data").WaitForAsync();
        ILocator form = page.GetByRole(AriaRole.Form, new PageGetByRoleOptions { Name = "Purge" });
        await form.GetByLabel("A prefix").CheckAsync();
        await form.GetByLabel("Bucket, as clients name it").FillAsync(TestProxy.Bucket);
        await form.GetByLabel("Prefix", new LocatorGetByLabelOptions { Exact = true }).FillAsync("dir/");
        ILocator ask = form.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Purge…" });
        ILocator dialog = page.GetByRole(AriaRole.Dialog);

        await ask.ClickAsync();
        Assert.Contains("key begins with dir/", await dialog.TextContentAsync(), StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Keep" }).ClickAsync();
        Assert.Equal("HIT", await OutcomeAsync(proxy, "dir/a"));

        await ask.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Purge" }).ClickAsync();
        await form.GetByText("Dropped 2 objects and 2 slices.").WaitForAsync();
        Assert.Equal(["MISS", "MISS", "HIT"], [await OutcomeAsync(proxy, "dir/a"), await OutcomeAsync(proxy, "dir/b"), await OutcomeAsync(proxy, "c")]);

        await form.GetByLabel("Everything").CheckAsync();
        await ask.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Purge" }).ClickAsync();
        await form.GetByText("Dropped 3 objects and 3 slices.").WaitForAsync();
        dashboard.AssertClean();
    }

    [Fact]
    public async Task A_warm_up_shows_its_progress_and_the_next_read_hits()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        for (int i = 0; i < 12; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"set/{i:D2}", new byte[50_000]);
        }

        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin);
        IPage page = dashboard.Page;
        await page.Locator("#data").WaitForAsync();
        ILocator form = page.GetByRole(AriaRole.Form, new PageGetByRoleOptions { Name = "Warm up" });
        await form.GetByLabel("Bucket, as clients name it").FillAsync(TestProxy.Bucket);
        await form.GetByLabel("Prefix; empty for the whole bucket").FillAsync("set/");
        await form.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Start" }).ClickAsync();

        ILocator job = page.Locator("#job-1");
        await job.GetByText("running").WaitForAsync();
        await job.GetByText("0 of 12 objects").WaitForAsync();
        gate.Release();
        await job.GetByText("done", new LocatorGetByTextOptions { Exact = true }).WaitForAsync();
        Assert.Contains("12 of 12 objects: 12 loaded, 0 were here, 0 failed.", await job.TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await job.GetByRole(AriaRole.Progressbar).EvaluateAsync<double>("bar => bar.value / bar.max"));
        Assert.Equal("HIT", await OutcomeAsync(proxy, "set/07"));
        dashboard.AssertClean();
    }

    [Fact]
    public async Task A_warm_up_is_cancelled_from_the_page()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[50_000]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin);
        IPage page = dashboard.Page;
        await page.Locator("#data").WaitForAsync();
        ILocator form = page.GetByRole(AriaRole.Form, new PageGetByRoleOptions { Name = "Warm up" });
        await form.GetByLabel("A list of keys").CheckAsync();
        await form.GetByLabel("Bucket, as clients name it").FillAsync(TestProxy.Bucket);
        await form.GetByLabel("Keys, one a line").FillAsync("a\nb\n");
        await form.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Start" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel warm-up 1" }).ClickAsync();

        await page.Locator("#job-1").GetByText("cancelled", new LocatorGetByTextOptions { Exact = true }).WaitForAsync();
        gate.Release();
        dashboard.AssertClean();
    }

    [Fact]
    public async Task Keys_alone_do_for_a_purge()
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        await PutAndReadAsync(proxy, "a");
        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin);
        IPage page = dashboard.Page;
        await page.Locator("#data").WaitForAsync();
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await page.EvaluateAsync<string>("document.activeElement.textContent"));

        await TabToAsync(page, "document.activeElement.name === 'purge-what'");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await TabToAsync(page, "document.activeElement.id === 'purge-bucket'");
        await page.Keyboard.TypeAsync(TestProxy.Bucket);
        await TabToAsync(page, "document.activeElement.id === 'purge-name'");
        await page.Keyboard.TypeAsync("a");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();

        // The safe answer has the focus, and Escape takes it.
        Assert.Equal("confirm-no", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("purge-name", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal("HIT", await OutcomeAsync(proxy, "a"));

        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("confirm-yes", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Dropped 1 object and 1 slice.").WaitForAsync();
        Assert.Equal("MISS", await OutcomeAsync(proxy, "a"));
        dashboard.AssertClean();
    }

    private static async Task TabToAsync(IPage page, string isThere)
    {
        for (int press = 0; press < 60; press++)
        {
            if (await page.EvaluateAsync<bool>(isThere))
            {
                Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"The keyboard does not come to {isThere}.");
    }

    private static async Task PutAndReadAsync(TestProxy proxy, params string[] keys)
    {
        foreach (string key in keys)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, key, new byte[100]);
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{key}");
        }
    }

    private static async Task<string> OutcomeAsync(TestProxy proxy, string key)
    {
        using HttpResponseMessage read = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/{key}");
        return read.Headers.GetValues("x-cache").Single();
    }
}
