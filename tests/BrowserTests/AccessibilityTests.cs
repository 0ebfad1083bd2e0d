using Microsoft.Playwright;
using S3Proxy.FunctionalTests;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.BrowserTests;

/// <summary>Requirement O5: the page can be used without a mouse, without colours and without eyes (WCAG 2.2, level AA, as far as a program can tell).</summary>
[Collection(OneChromium.Name)]
public sealed class AccessibilityTests(Chromium chromium, ITestOutputHelper output)
{
    /// <summary>What is wrong with names, roles and structure, a line each.</summary>
    private const string Structure =
        """
        () => {
          const problems = [];
          const name = (e) => (e.getAttribute('aria-label') ?? e.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
            ?? (e.labels?.length ? e.labels[0].textContent : e.textContent)).trim();
          const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => problems.push('two elements have the id ' + id));
          if (!document.documentElement.lang) problems.push('the page has no language');
          if (!document.title) problems.push('the page has no title');
          for (const landmark of ['header', 'nav', 'main']) if (document.querySelectorAll(landmark).length !== 1) problems.push('not one ' + landmark);
          for (const e of document.querySelectorAll('input, textarea, select, button, progress, output, dialog, form, section, [role=region], svg[role=img]'))
            if (e.tagName !== 'OUTPUT' && e.tagName !== 'FORM' && name(e) === '' ) problems.push(`${e.tagName} ${e.id} has no name`);
          for (const table of document.querySelectorAll('table')) {
            if (!table.caption?.textContent.trim()) problems.push(`table ${table.id} has no caption`);
            for (const th of table.querySelectorAll('th')) if (!th.scope) problems.push(`a heading of ${table.id} has no scope`);
          }
          let level = 0;
          for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
            const next = Number(heading.tagName[1]);
            if (next > level + 1) problems.push(`h${next} follows h${level}: ${heading.textContent}`);
            level = next;
          }
          for (const e of document.querySelectorAll('[aria-labelledby], [aria-describedby]'))
            for (const id of `${e.getAttribute('aria-labelledby') ?? ''} ${e.getAttribute('aria-describedby') ?? ''}`.split(' ').filter(Boolean))
              if (!document.getElementById(id)) problems.push(`${e.tagName} ${e.id} is named by ${id}, which is not there`);
          for (const e of document.querySelectorAll('[style], [onclick]')) problems.push(`${e.tagName} ${e.id} has style or script in the page`);
          if (document.documentElement.scrollWidth > document.documentElement.clientWidth) problems.push('the page is wider than the window');
          return problems;
        }
        """;

    /// <summary>Texts and marks with too little contrast (WCAG 2.2, 1.4.3 and 1.4.11), a line each.</summary>
    private const string Contrast =
        """
        () => {
          const problems = new Set();
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgb = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
          const luminance = ([r, g, b]) => [r, g, b].map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; }).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
          const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const e = node.parentElement;
            if (!node.textContent.trim() || !e.checkVisibility({ visibilityProperty: true }) || e.closest('[disabled], .hidden, .skip')) continue;
            const style = getComputedStyle(e);
            const size = parseFloat(style.fontSize);
            const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
            const found = ratio(rgb(style.color), behind(e));
            if (found < least) problems.add(`${found.toFixed(2)} < ${least}: ${e.tagName} ${e.className} ${node.textContent.trim().slice(0, 40)}`);
          }
          for (const e of document.querySelectorAll('.swatch rect, .chart polyline')) {
            const style = getComputedStyle(e);
            const found = ratio(rgb(e.tagName === 'rect' ? style.fill : style.stroke), behind(e));
            if (found < 3) problems.add(`${found.toFixed(2)} < 3: mark ${e.getAttribute('class')}`);
          }
          for (const e of document.querySelectorAll('input:not([type=radio]), textarea, button')) {
            if (!e.checkVisibility() || e.disabled) continue;
            const style = getComputedStyle(e);
            const found = Math.max(ratio(rgb(style.borderTopColor), behind(e.parentElement)), ratio(rgb(style.backgroundColor), behind(e.parentElement)));
            if (found < 3) problems.add(`${found.toFixed(2)} < 3: edge of ${e.tagName} ${e.id}`);
          }
          return [...problems];
        }
        """;

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task Everything_has_a_name_a_place_and_contrast(ColorScheme scheme, int width)
    {
        if (chromium.Find(output) is not { } browser)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a/" + new string('k', 300), new byte[1 << 20]);
        proxy.Origin.PutObject(TestProxy.Bucket, "held", new byte[3 << 20]);
        await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a/{new string('k', 300)}");
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.Get("held"), new FaultEffects { HoldInBody = new BodyHold(gate, 2 << 20) });
        Task<byte[]> held = proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/held");
        await gate.ArrivedAsync(1);
        await using Dashboard dashboard = await Dashboard.OpenAsync(browser, proxy.Admin, scheme, size: new ViewportSize { Width = width, Height = 900 });
        IPage page = dashboard.Page;
        await page.Locator("#flight-table tbody tr").WaitForAsync();
        await page.Locator("#warm-bucket").FillAsync(TestProxy.Bucket);
        await page.Locator("#warm-form button").ClickAsync();
        await page.Locator("#job-1").WaitForAsync();
        await page.Locator("#config-details summary").ClickAsync();
        await page.Locator("#config", new PageLocatorOptions { HasText = "memorySizeBytes" }).WaitForAsync();
        await page.Locator("#requests-text", new PageLocatorOptions { HasText = "Scale 0 to" }).WaitForAsync();

        Assert.Empty(await page.EvaluateAsync<string[]>(Structure));
        Assert.Empty(await page.EvaluateAsync<string[]>(Contrast));
        Assert.Equal("0", await page.EvaluateAsync<string>("String(document.querySelectorAll('#data [aria-live=assertive]').length)"));
        gate.Release();
        await held;
        dashboard.AssertClean();
    }
}
