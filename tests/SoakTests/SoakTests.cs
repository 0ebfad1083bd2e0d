using S3Proxy.SoakTests.Measuring;
using Xunit.Abstractions;

namespace S3Proxy.SoakTests;

/// <summary>Random faulted load with a checker; requirements R4, F11, invariants 2, 3, 6 and 7. README.md says how to run it longer.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const string ReportVariable = "S3PROXY_SOAK_REPORT";
    private const double AllowedGrowth = 1.25;
    private const long AllowedGrowthBytes = 64L << 20;
    private const long AllowedGrowthHandles = 64;

    [Fact]
    public async Task Faulted_load_ends_with_no_wrong_byte_nothing_leaked_and_flat_memory()
    {
        SoakSettings settings = SoakSettings.FromEnvironment();
        output.WriteLine($"seed {settings.Seed}");
        SoakReport report;
        try
        {
            report = await new SoakRun(settings, TimeProvider.System).RunAsync();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"Seed {settings.Seed}: {failure.Message}", failure);
        }

        output.WriteLine(report.ToString());
        if (Environment.GetEnvironmentVariable(ReportVariable) is { Length: > 0 } path)
        {
            await File.WriteAllTextAsync(path, report.ToString());
        }

        Assert.True(report.Tally.Wrong == 0, $"{string.Join('\n', report.Tally.Violations)}\n{report}");
        Assert.True(report.Tally.Outcomes.GetValueOrDefault(Checking.ReadOutcome.Whole) > 0, report.ToString());
        AssertFlat(report, sample => sample.ResidentBytes, AllowedGrowthBytes);
        AssertFlat(report, sample => sample.OpenHandles, AllowedGrowthHandles);
    }

    private static void AssertFlat(SoakReport report, Func<ResourceSample, long> measure, long allowance)
    {
        long before = report.Resources.MedianOfThird(1, measure);
        long after = report.Resources.MedianOfThird(2, measure);
        Assert.True(after <= (before * AllowedGrowth) + allowance, $"grew from {before} to {after}\n{report}");
    }
}
