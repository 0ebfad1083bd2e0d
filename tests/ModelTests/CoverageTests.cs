using System.Globalization;
using S3Proxy.ModelTests.Origin;
using S3Proxy.ModelTests.Schedules;
using S3Proxy.ModelTests.Scheduling;
using Xunit.Abstractions;

namespace S3Proxy.ModelTests;

/// <summary>The schedules go where the invariants are at stake: an invariant that is never tried holds for nothing.</summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int Schedules = 3_000;
    private const ulong BaseSeed = 0xC07E;

    [Fact]
    public void Schedules_reach_every_outcome_fault_and_way_of_service()
    {
        Dictionary<string, int> seen = [];
        using ScheduleRunner runner = new();
        for (int index = 0; index < Schedules; index++)
        {
            foreach (string what in runner.Run(Schedule.From(ModelRandom.SeedOf(BaseSeed, index))).Seen)
            {
                seen[what] = seen.GetValueOrDefault(what) + 1;
            }
        }

        foreach ((string what, int count) in seen.OrderByDescending(pair => pair.Value))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,6} {what}"));
        }

        string[] expected =
        [
            "200", "206", "304 of the origin", "403", "404", "412 of the origin", "416", "500", "503", "cut", "forwarded", "left",
            "HIT", "MISS", "COALESCED", "REVALIDATED", "eviction", "read by version", "version pinned",
            .. Enum.GetNames<OriginFault>(),
        ];
        string[] rare = [.. expected.Where(what => seen.GetValueOrDefault(what) < 5)];
        Assert.True(rare.Length == 0, $"Hardly ever seen: {string.Join(", ", rare)}");
    }
}
