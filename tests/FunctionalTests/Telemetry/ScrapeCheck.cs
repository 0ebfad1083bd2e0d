using System.Text;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>Has Prometheus' own checker judge what a scrape brought.</summary>
internal static class ScrapeCheck
{
    /// <summary>Fails when promtool has something to say; says so where it is not installed.</summary>
    public static async Task AssertSoundAsync(string scrape, ITestOutputHelper output)
    {
        if (Promtool.Find() is not { } promtool)
        {
            output.WriteLine("Not checked: promtool (Debian: prometheus) is not on PATH.");
            return;
        }

        Assert.Equal((0, ""), await promtool.CheckMetricsAsync(Encoding.UTF8.GetBytes(scrape)));
    }
}
