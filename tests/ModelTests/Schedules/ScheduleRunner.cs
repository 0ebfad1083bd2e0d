using S3Proxy.ModelTests.Bugs;
using S3Proxy.ModelTests.Checking;
using S3Proxy.ModelTests.Clients;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>
/// Runs one schedule from its first action to the moment when nothing is left, on the calling thread, and checks the invariants on the way.
/// </summary>
internal sealed class ScheduleRunner : IDisposable
{
    /// <summary>More steps than any schedule needs: what takes more spins.</summary>
    private const int MaxSteps = 50_000;

    /// <summary>Time at the end in which every bound of the product has run out several times over.</summary>
    private static readonly TimeSpan[] Patience =
    [
        TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6),
        .. Enumerable.Repeat(TimeSpan.FromSeconds(31), 40),
    ];

    private readonly ModelMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    public ScheduleResult Run(Schedule schedule) => Run(schedule, PlantedBug.None);

    public ScheduleResult Run(Schedule schedule, PlantedBug bug)
    {
        // A test runner's context would take the continuations away from the scheduler.
        SynchronizationContext? callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return RunAlone(schedule, bug);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(callers);
        }
    }

    private ScheduleResult RunAlone(Schedule schedule, PlantedBug bug)
    {
        SeededScheduler scheduler = new(schedule.Seed);
        using ModelWorld world = new(schedule.Shape, schedule.Seed, scheduler, _meters, bug);
        Act(schedule, world, scheduler);
        if (world.Violations.First is null)
        {
            Finish(schedule, world, scheduler);
        }

        foreach (ModelReader reader in world.Readers)
        {
            scheduler.Record((ulong)reader.Outcome.Length);
        }

        return new ScheduleResult(world.Violations.First, scheduler.Trace, scheduler.Steps, [.. world.Readers.Select(reader => reader.ToString())], world.Seen());
    }

    private static void Act(Schedule schedule, ModelWorld world, SeededScheduler scheduler)
    {
        foreach (ModelAction action in schedule.Actions)
        {
            for (int step = 0; step < action.Steps && TryStep(world, scheduler); step++)
            {
            }

            action.Apply(world);
            world.CheckMoment();
            world.CheckPublished();
            if (world.Violations.First is not null)
            {
                return;
            }
        }
    }

    /// <summary>Whatever happened: everyone has an outcome in the end, and nothing is held.</summary>
    private static void Finish(Schedule schedule, ModelWorld world, SeededScheduler scheduler)
    {
        RunOut(world, scheduler);
        CheckPins(schedule, world);
        world.LetGo();
        RunOut(world, scheduler);
        int patience = 0;
        while (world.Readers.Any(reader => !reader.IsDone) && patience < Patience.Length)
        {
            world.Time.Advance(Patience[patience++]);
            RunOut(world, scheduler);
        }

        CheckOutcomes(schedule, world);
        CheckDesertion(schedule, world, scheduler);

        // A run that owns no slice any more, and pauses before it resumes, shows by its timer alone.
        for (; (world.Leftovers() is not null || world.Time.ArmedTimers > 0) && patience < Patience.Length; patience++)
        {
            world.Time.Advance(Patience[patience]);
            RunOut(world, scheduler);
        }

        CheckEmpty(world, scheduler);
    }

    /// <summary>A response that waits for its client holds a version and an offset, no memory: all of it can be evicted under it (requirement F5).</summary>
    private static void CheckPins(Schedule schedule, ModelWorld world)
    {
        // In half of the schedules only: the others go on with what they have in memory. A run that a shutdown has cut off from its flights, and that pauses or waits,
        // shows by its timer alone.
        if (schedule.Seed % 2 == 0 || world.Time.ArmedTimers > 0 || world.HoldsMemory || world.Leftovers() is not null || world.Readers.All(reader => reader.IsDone))
        {
            return;
        }

        world.Evict();
        if (world.Memory.UsedBytes != 0)
        {
            world.Violations.Add(Invariant.NothingLeft, $"{world.Memory.UsedBytes} bytes are pinned by responses that wait for their clients.");
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
    }

    /// <summary>With nobody left and the grace time over, only a fetch that is nearly done may go on.</summary>
    private static void CheckDesertion(Schedule schedule, ModelWorld world, SeededScheduler scheduler)
    {
        if (schedule.Shape.NearlyDoneSlices > 0 || world.IsShutDown)
        {
            return;
        }

        // The object's flight may have a grace time, and after it the run that it opened.
        for (int grace = 0; grace < 3; grace++)
        {
            world.Time.Advance(schedule.Shape.Grace + TimeSpan.FromMilliseconds(1));
            RunOut(world, scheduler);
        }

        if (world.Leftovers() is { } left)
        {
            world.Violations.Add(Invariant.NothingLeft, $"Nobody reads any more, yet {left}");
        }
    }

    private static void CheckEmpty(ModelWorld world, SeededScheduler scheduler)
    {
        world.CheckPublished();
        if (world.Leftovers() is { } left)
        {
            world.Violations.Add(Invariant.NothingLeft, left);
        }

        world.Evict();
        if (world.Memory.UsedBytes != 0 || world.Time.ArmedTimers != 0)
        {
            world.Violations.Add(Invariant.NothingLeft, $"{world.Memory.UsedBytes} bytes and {world.Time.ArmedTimers} timers are left at the end.");
        }

        if (scheduler.Escapes != 0)
        {
            world.Violations.Add(Invariant.Determinism, $"{scheduler.Escapes} tasks came from another thread.");
        }
    }

    private static void RunOut(ModelWorld world, SeededScheduler scheduler)
    {
        while (TryStep(world, scheduler))
        {
        }
    }

    private static bool TryStep(ModelWorld world, SeededScheduler scheduler)
    {
        if (world.Violations.First is not null || !scheduler.TryStep())
        {
            return false;
        }

        // No two moments have one timestamp, as on a clock that goes by itself.
        world.Time.Advance(TimeSpan.FromTicks(1));
        world.CheckMoment();
        if (scheduler.Steps > MaxSteps)
        {
            world.Violations.Add(Invariant.OneOutcome, $"More than {MaxSteps} steps.");
            return false;
        }

        return true;
    }
}
