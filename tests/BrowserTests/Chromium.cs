using Microsoft.Playwright;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.BrowserTests;

/// <summary>One Chromium for all tests; each of them has pages of its own. It ends with the last of them.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;

    private IBrowser? _browser;

    /// <summary>The browser; null, and said so, where Chromium is not installed.</summary>
    public IBrowser? Find(ITestOutputHelper output)
    {
        if (_browser is null)
        {
            output.WriteLine("Not run: chromium is not installed (Debian: apt-get install chromium).");
        }

        return _browser;
    }

    public async Task InitializeAsync()
    {
        if (InstalledProgram.Find("chromium", "/") is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Arguments, Timeout = 120_000 });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
