using S3Proxy.ModelTests.Schedules;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests;

/// <summary>A seed decides everything that happens in a schedule, so that a failure can be replayed.</summary>
public sealed class DeterminismTests
{
    private const int Schedules = 300;

    [Fact]
    public void The_same_seed_goes_the_same_way_twice()
    {
        using ScheduleRunner first = new();
        using ScheduleRunner second = new();
        HashSet<ulong> traces = [];
        for (int index = 0; index < Schedules; index++)
        {
            Schedule schedule = Schedule.From(ModelRandom.SeedOf(0xD37E, index));

            ScheduleResult once = first.Run(schedule);
            ScheduleResult again = second.Run(Schedule.From(schedule.Seed));

            Assert.Equal(once.Trace, again.Trace);
            Assert.Equal(once.Steps, again.Steps);
            Assert.Equal(once.Readers, again.Readers);
            traces.Add(once.Trace);
        }

        // The trace tells schedules apart, or its equality would tell nothing.
        Assert.InRange(traces.Count, Schedules * 9 / 10, Schedules);
    }

    [Fact]
    public void A_task_queued_from_another_thread_counts_as_escaped()
    {
        SeededScheduler scheduler = new(1);
        scheduler.Start(static () => Task.CompletedTask);
        Assert.Equal(0, scheduler.Escapes);

        Thread other = new(() => scheduler.Start(static () => Task.CompletedTask));
        other.Start();
        other.Join();

        Assert.Equal(1, scheduler.Escapes);
    }
}
