using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;

namespace S3Proxy.BrowserTests;

/// <summary>The dashboard in a context of its own, watched: what it complains about and whom it asks.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];

    private Dashboard(IBrowserContext context, IPage page, Uri admin)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => ComplainIf(message.Type is "error" or "warning" && !IsRefusal(message), message.Text);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Request += (_, request) => ComplainIf(!request.Url.StartsWith("data:", StringComparison.Ordinal) && new Uri(request.Url).Authority != admin.Authority, $"It asked {request.Url}.");
    }

    public IPage Page { get; }

    /// <summary>Status 401 is told by the browser itself; a test that has tokens expects it.</summary>
    public bool ExpectsRefusals { get; init; }

    public static async Task<Dashboard> OpenAsync(IBrowser browser, Uri admin, ColorScheme scheme = ColorScheme.Light, bool expectsRefusals = false, ViewportSize? size = null)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = size ?? new ViewportSize { Width = 1280, Height = 900 } });
        context.SetDefaultTimeout(60_000);
        Dashboard dashboard = new(context, await context.NewPageAsync(), admin) { ExpectsRefusals = expectsRefusals };
        await dashboard.Page.GotoAsync(admin.ToString());
        return dashboard;
    }

    /// <summary>Waits until an element tells a number.</summary>
    public async Task WaitForNumberAsync(string id, long number) =>
        await Page.Locator($"#{id}[data-value='{number.ToString(CultureInfo.InvariantCulture)}']").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

    /// <summary>The exact number behind what an element tells.</summary>
    public async Task<double> NumberAsync(string selector) => double.Parse((await Page.Locator(selector).GetAttributeAsync("data-value"))!, CultureInfo.InvariantCulture);

    public void AssertClean() => Assert.Empty(_complaints);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private bool IsRefusal(IConsoleMessage message) => ExpectsRefusals && message.Text.Contains("401", StringComparison.Ordinal);

    private void ComplainIf(bool isWrong, string complaint)
    {
        if (isWrong)
        {
            _complaints.Enqueue(complaint);
        }
    }
}
