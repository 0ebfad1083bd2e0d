using S3Proxy.ModelTests.Schedules;
using Xunit.Abstractions;

namespace S3Proxy.ModelTests.Batching;

/// <summary>
/// The guarantees of the batcher (requirements B1, B2, B6) over very many random schedules: one outcome each, bounded batches in order, nobody sent twice or
/// stranded, results without a caller given back.
/// </summary>
public sealed class BatcherModelTests(ITestOutputHelper output)
{
    private const int MaxSchedules = 2_000;

    [Fact]
    public void No_schedule_breaks_a_guarantee() => new SeedSearch(static seed => Run(seed, BatchBug.None), output).AssertNoneFails();

    [Fact]
    public void A_caller_kept_after_it_has_left_is_caught() =>
        new SeedSearch(static seed => Run(seed, new BatchBug.StrandedCaller()), output).AssertCaught(MaxSchedules, "Stranded:", "Orphans:");

    [Fact]
    public void A_window_that_is_always_slept_is_caught() =>
        new SeedSearch(static seed => Run(seed, new BatchBug.SleptWindow()), output).AssertCaught(MaxSchedules, "Idle:");

    private static string? Run(ulong seed, BatchBug bug)
    {
        BatchSchedule schedule = BatchSchedule.From(seed);
        using BatchWorld world = new(schedule, bug);
        foreach (BatchAction action in schedule.Actions)
        {
            for (int step = 0; step < action.Steps && world.Step(); step++)
            {
            }

            if (world.Failure is not null)
            {
                break;
            }

            world.Apply(action);
        }

        world.Finish();
        return world.Failure is { } failure ? $"{failure}{Environment.NewLine}{schedule}" : null;
    }
}
