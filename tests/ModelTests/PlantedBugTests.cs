using System.Globalization;
using S3Proxy.ModelTests.Bugs;
using S3Proxy.ModelTests.Checking;
using S3Proxy.ModelTests.Schedules;
using S3Proxy.ModelTests.Scheduling;
using Xunit.Abstractions;

namespace S3Proxy.ModelTests;

/// <summary>The checker can fail: each bug known from elsewhere, planted at a seam of the product, breaks the invariant that stands against it.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output) : IDisposable
{
    private const int MaxSchedules = 5_000;
    private const ulong BaseSeed = 0x5EED;

    private readonly ScheduleRunner _runner = new();

    public void Dispose() => _runner.Dispose();

    [Fact]
    public void A_truncated_body_presented_as_whole_is_caught() => AssertCaught(static () => new HiddenCut(), Invariant.CleanEnd);

    [Fact]
    public void A_leader_that_cancels_its_followers_is_caught() => AssertCaught(static () => new LeaderBoundFetch(), Invariant.Isolation);

    [Fact]
    public void A_leader_that_strands_its_followers_is_caught() => AssertCaught(static () => new LeaderStrandsWaiters(), Invariant.OneOutcome);

    [Fact]
    public void Removal_by_key_is_caught() => AssertCaught(static () => new RemovalByKey(), Invariant.SingleFetch);

    [Fact]
    public void A_dropped_chunk_is_caught() => AssertCaught(static () => new DroppedChunk(), Invariant.OneVersion, Invariant.CleanEnd);

    [Fact]
    public void A_publish_with_a_stale_epoch_is_caught() => AssertCaught(static () => new StalePublish(), Invariant.NoStalePublish);

    /// <summary>The first violation a bug causes is one of those meant for it (the last chunk dropped is a truncation), and the product alone causes none.</summary>
    private void AssertCaught(Func<PlantedBug> plant, params Invariant[] meant)
    {
        for (int index = 0; index < MaxSchedules; index++)
        {
            Schedule schedule = Schedule.From(ModelRandom.SeedOf(BaseSeed, index));
            Violation? violation = _runner.Run(schedule, plant()).Violation;
            if (violation is null)
            {
                continue;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Caught in schedule {index + 1}."));
            output.WriteLine(FailureReport.Of(schedule, tried => _runner.Run(tried, plant())));
            Assert.Contains(violation.Invariant, meant);
            Assert.Null(_runner.Run(schedule).Violation);
            return;
        }

        Assert.Fail($"{string.Join(" and ", meant)} held in {MaxSchedules} schedules with the bug planted.");
    }
}
