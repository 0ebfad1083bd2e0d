using Microsoft.Playwright;
using S3Proxy.FunctionalTests;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.BrowserTests;

/// <summary>Requirement O5: every number of every table can be seen, whole in a usual window, and by scrolling its table on a telephone.</summary>
[Collection(OneChromium.Name)]
public sealed class TableLayoutTests(Chromium chromium, ITestOutputHelper output)
{
    /// <summary>Widest numbers that a busy replica shows after months, in the columns of each table from the second on.</summary>
    private const string FillWide =
        """
        () => {
          const widest = {
            outcomes: ['12,345 /s', '1,234,567,890', '100.0 %', '99.9 ms', '99.9 ms'],
            'flight-table': ['main', 'headers', 'follower', '12,345', '59 min 59 s', '1,023 MiB', '1,023 MiB'],
            'hot-keys': ['models', '12,345.6', '123,456,789', '1,023 GiB'],
            buckets: ['1,234,567,890', '1,023 TiB'],
            clients: ['1,234,567,890', '1,023 TiB'],
            origins: ['1,234,567,890', '1,023 TiB', '1,234,567', '1,234,567', '1,234,567', '1,024', '1,024', '1,024'],
          };
          for (const [id, texts] of Object.entries(widest))
            for (const row of document.getElementById(id).tBodies[0].rows)
              texts.forEach((text, i) => { row.cells[i + 1].textContent = text; });
          return Object.keys(widest).filter((id) => document.getElementById(id).tBodies[0].rows.length === 0);
        }
        """;

    /// <summary>What cannot be seen of a table, a line each; for true, what takes scrolling to be seen too.</summary>
    private const string Clipped =
        """
        (whole) => {
          const problems = [];
          for (const table of document.querySelectorAll('table')) {
            const around = table.parentElement;
            const text = `${table.id}: ${around.scrollWidth} px in ${around.clientWidth} px`;
            if (whole && around.scrollWidth > around.clientWidth) problems.push(text);
            if (around.scrollWidth > around.clientWidth && (getComputedStyle(around).overflowX !== 'auto' || around.tabIndex !== 0)) problems.push(text + ' that cannot be scrolled');
            around.scrollLeft = around.scrollWidth;
            const edge = around.getBoundingClientRect().right;
            for (const cell of table.querySelectorAll('th, td')) {
              const name = `${table.id}: "${cell.textContent.trim().slice(0, 30)}"`;
              if (cell.scrollWidth > cell.clientWidth) problems.push(`${name} is ${cell.scrollWidth} px in ${cell.clientWidth} px`);
              if (cell.getBoundingClientRect().right > edge) problems.push(`${name} ends behind the edge`);
            }
            around.scrollLeft = 0;
          }
          if (document.documentElement.scrollWidth > document.documentElement.clientWidth) problems.push('the page is wider than the window');
          return problems;
        }
        """;

    [Theory]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    public async Task No_cell_of_a_table_is_clipped(int width, bool whole)
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        string key = "datasets/2026/" + new string('k', 200);
        proxy.Origin.PutObject(TestProxy.Bucket, key, new byte[1 << 20]);
        proxy.Origin.PutObject(TestProxy.Bucket, "held", new byte[3 << 20]);
        await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{key}");
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.Get("held"), new FaultEffects { HoldInBody = new BodyHold(gate, 2 << 20) });
        Task<byte[]> held = proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/held");
        await gate.ArrivedAsync(1);
        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin, size: new ViewportSize { Width = width, Height = 900 });
        await dashboard.Page.Locator("#flight-table tbody tr").WaitForAsync();
        await dashboard.Page.Locator("#hot-keys tbody tr").First.WaitForAsync();
        await dashboard.Page.Locator("#pause").ClickAsync();

        Assert.Empty(await dashboard.Page.EvaluateAsync<string[]>(Clipped, whole));
        Assert.Empty(await dashboard.Page.EvaluateAsync<string[]>(FillWide));
        Assert.Empty(await dashboard.Page.EvaluateAsync<string[]>(Clipped, whole));
        gate.Release();
        await held;
        dashboard.AssertClean();
    }
}
