using S3Proxy.Coalescing.Waking;

namespace S3Proxy.Coalescing.Tests.Waking;

/// <summary>Requirement W5: looks are seldom while wakes arrive, frequent while they may not, and seldom again only after time and clean checks.</summary>
public sealed class FallbackScheduleTests
{
    private static readonly FallbackOptions Options = new() { Interval = TimeSpan.FromSeconds(1), MaxGrowth = 30, DegradedTime = TimeSpan.FromSeconds(10), CleanChecks = 2 };

    [Fact]
    public void W5_healthy_looks_double_up_to_30_intervals()
    {
        FallbackSchedule schedule = new(Options);

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(looks => schedule.NextLook(looks, TimeSpan.Zero).TotalSeconds));
        Assert.Equal(30, schedule.NextLook(int.MaxValue, TimeSpan.Zero).TotalSeconds);
    }

    [Fact]
    public void W5_while_the_link_is_down_everyone_looks_once_an_interval()
    {
        FallbackSchedule schedule = new FallbackSchedule(Options).LinkLost().CleanCheck().CleanCheck().CleanCheck();

        Assert.True(schedule.IsDegraded(TimeSpan.FromDays(1)));
        Assert.Equal(Options.Interval, schedule.NextLook(20, TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W5_degraded_mode_ends_on_time_and_on_clean_checks(bool byLink)
    {
        TimeSpan now = TimeSpan.FromSeconds(100);
        FallbackSchedule healthy = new(Options);
        FallbackSchedule degraded = byLink ? healthy.LinkLost().LinkRestored(now) : healthy.Missed(now);

        FallbackSchedule checkedOnce = degraded.CleanCheck();
        FallbackSchedule checkedTwice = checkedOnce.CleanCheck();

        Assert.True(degraded.IsDegraded(now));
        Assert.True(checkedOnce.IsDegraded(now + TimeSpan.FromDays(1)));
        Assert.True(checkedTwice.IsDegraded(now + Options.DegradedTime - TimeSpan.FromTicks(1)));
        Assert.False(checkedTwice.IsDegraded(now + Options.DegradedTime));
        Assert.Equal(30, checkedTwice.NextLook(9, now + Options.DegradedTime).TotalSeconds);
    }

    [Fact]
    public void W5_another_missed_wake_begins_it_anew()
    {
        FallbackSchedule schedule = new FallbackSchedule(Options).Missed(TimeSpan.Zero).CleanCheck().Missed(TimeSpan.FromSeconds(9)).CleanCheck();

        Assert.True(schedule.IsDegraded(TimeSpan.FromDays(1)));
        Assert.True(schedule.CleanCheck().IsDegraded(TimeSpan.FromSeconds(18)));
        Assert.False(schedule.CleanCheck().IsDegraded(TimeSpan.FromSeconds(19)));
    }

    [Fact]
    public void A_link_that_was_never_lost_cannot_be_restored()
    {
        FallbackSchedule schedule = new(Options);

        Assert.Same(schedule, schedule.LinkRestored(TimeSpan.Zero));
        Assert.Same(schedule, schedule.CleanCheck());
    }

    [Fact]
    public void Extreme_times_do_not_overflow()
    {
        FallbackSchedule schedule = new(new FallbackOptions { Interval = TimeSpan.MaxValue / 2, DegradedTime = TimeSpan.MaxValue });

        Assert.Equal(TimeSpan.MaxValue, schedule.NextLook(31, TimeSpan.Zero));
        Assert.True(schedule.Missed(TimeSpan.FromDays(1)).IsDegraded(TimeSpan.FromDays(100_000)));
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FallbackSchedule(Options with { Interval = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FallbackSchedule(Options with { MaxGrowth = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FallbackSchedule(Options with { DegradedTime = TimeSpan.FromTicks(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FallbackSchedule(Options with { CleanChecks = -1 }));
    }
}
