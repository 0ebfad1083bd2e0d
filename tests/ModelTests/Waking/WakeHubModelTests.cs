using S3Proxy.ModelTests.Schedules;
using Xunit.Abstractions;

namespace S3Proxy.ModelTests.Waking;

/// <summary>
/// The guarantees of the hub (requirements W2, W3, W5, W6, W9) over very many random schedules, against the plainest form of its rules: no wake lost after
/// registration, one heir, nobody else touched by a cancellation, nothing due early, nobody left.
/// </summary>
public sealed class WakeHubModelTests(ITestOutputHelper output)
{
    private const int MaxSchedules = 5_000;

    [Fact]
    public void No_schedule_breaks_a_guarantee() => new SeedSearch(static seed => Run(seed, WakeBug.None), output).AssertNoneFails();

    [Fact]
    public void A_wake_lost_between_check_and_subscription_is_caught() =>
        new SeedSearch(static seed => Run(seed, new WakeBug.LateSubscription()), output).AssertCaught(MaxSchedules, "Lost:", "Rules:", "Count:");

    [Fact]
    public void An_heir_that_takes_its_wake_along_is_caught() =>
        new SeedSearch(static seed => Run(seed, new WakeBug.StrandedHeirs()), output).AssertCaught(MaxSchedules, "Heir:", "Lost:", "Count:");

    [Fact]
    public void A_wait_that_is_due_early_is_caught() =>
        new SeedSearch(static seed => Run(seed, new WakeBug.EarlyDue()), output).AssertCaught(MaxSchedules, "Early:", "Count:");

    private static string? Run(ulong seed, WakeBug bug)
    {
        WakeSchedule schedule = WakeSchedule.From(seed);
        using WakeWorld world = new(schedule, bug);
        foreach (WakeAction action in schedule.Actions)
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
