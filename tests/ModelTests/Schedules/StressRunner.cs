using S3Proxy.ModelTests.Bugs;
using S3Proxy.ModelTests.Checking;
using S3Proxy.ModelTests.Clients;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>
/// Runs the actions of a schedule on the real thread pool, where races are real and nothing is decided by a seed. What can only be seen between two steps is
/// not checked; every byte, every outcome and the state at the end are.
/// </summary>
internal sealed class StressRunner(ModelMeters meters)
{
    /// <summary>Turns without an end after which nobody will ever come to one.</summary>
    private const int MaxTurns = 400_000;

    private const int TurnsPerAdvance = 100;

    /// <summary>All calm advances together stay below every time-out of the product.</summary>
    private const int MaxCalmAdvances = 300;

    public async Task<Violation?> RunAsync(Schedule schedule)
    {
        using ModelWorld world = new(schedule.Shape, schedule.Seed, TaskScheduler.Default, meters, PlantedBug.None);
        foreach (ModelAction action in schedule.Actions)
        {
            for (int step = 0; step < action.Steps; step++)
            {
                await Task.Yield();
            }

            action.Apply(world);
            world.CheckPublished();
        }

        world.LetGo();
        await SettleAsync(schedule, world);
        CheckOutcomes(schedule, world);
        await EmptyAsync(world);
        return world.Violations.First;
    }

    private static async Task SettleAsync(Schedule schedule, ModelWorld world)
    {
        bool isCalm = schedule.IsCalm;
        int advances = 0;
        for (int turn = 1; turn < MaxTurns && !(world.Readers.All(reader => reader.IsDone) && world.Leftovers() is null); turn++)
        {
            await Task.Yield();
            if (turn % TurnsPerAdvance == 0)
            {
                // A clock that outruns the threads makes time-outs of its own, which calm schedules must not have.
                advances++;
                world.Time.Advance(isCalm && advances < MaxCalmAdvances ? TimeSpan.FromMilliseconds(60) : TimeSpan.FromSeconds(2));
            }
        }
    }

    private static void CheckOutcomes(Schedule schedule, ModelWorld world)
    {
        foreach (ModelReader reader in world.Readers)
        {
            if (!reader.IsDone)
            {
                world.Violations.Add(Invariant.OneOutcome, $"{reader} has no outcome.");
            }
            else if (!reader.IsContent && schedule.IsCalm)
            {
                world.Violations.Add(Invariant.Isolation, $"{reader} failed, and nothing but other clients can be the reason.");
            }
        }

        if (world.Leftovers() is { } left)
        {
            world.Violations.Add(Invariant.NothingLeft, left);
        }
    }

    private static async Task EmptyAsync(ModelWorld world)
    {
        world.CheckPublished();
        for (int turn = 0; turn < MaxTurns; turn++)
        {
            // A run gives its last page back a moment after its flights have ended.
            world.Time.Advance(TimeSpan.FromSeconds(1));
            world.Evict();
            if (world.Memory.UsedBytes == 0 && world.Time.ArmedTimers == 0)
            {
                return;
            }

            await Task.Yield();
        }

        world.Violations.Add(Invariant.NothingLeft, $"{world.Memory.UsedBytes} bytes and {world.Time.ArmedTimers} timers are left at the end.");
    }
}
