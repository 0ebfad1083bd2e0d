using S3Proxy.ModelTests.Checking;
using S3Proxy.ModelTests.Clients;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>A failing schedule becomes as short as it can, and bounded runs are spent on it.</summary>
public sealed class ScheduleShrinkerTests
{
    private static readonly Violation Broken = new(Invariant.CleanEnd, "broken");

    [Fact]
    public void Only_the_actions_that_break_the_invariant_are_left()
    {
        Schedule schedule = Long();

        Schedule shrunk = ScheduleShrinker.Shrink(schedule, Invariant.CleanEnd, tried => Result(Breaks(tried)));

        Assert.Equal(
            [new ModelAction.Join(0, 3, new ReadSpec(0)), new ModelAction.Leave(0, 3)],
            shrunk.Actions);
    }

    [Fact]
    public void A_schedule_that_breaks_another_invariant_is_not_taken()
    {
        Schedule schedule = Long();

        Schedule shrunk = ScheduleShrinker.Shrink(schedule, Invariant.CleanEnd, _ => Result(new Violation(Invariant.Budget, "other")));

        Assert.Same(schedule, shrunk);
    }

    [Fact]
    public void Attempts_are_bounded()
    {
        int attempts = 0;

        ScheduleShrinker.Shrink(
            Long(),
            Invariant.CleanEnd,
            tried =>
            {
                attempts++;
                return Result(Breaks(tried));
            },
            maxAttempts: 7);

        Assert.Equal(7, attempts);
    }

    /// <summary>Broken when client 3 joins and leaves after it.</summary>
    private static Violation? Breaks(Schedule schedule)
    {
        int join = schedule.Actions.ToList().FindIndex(action => action is ModelAction.Join { Client: 3 });
        int leave = schedule.Actions.ToList().FindIndex(action => action is ModelAction.Leave { Client: 3 });
        return join >= 0 && leave > join ? Broken : null;
    }

    private static Schedule Long()
    {
        List<ModelAction> actions = [];
        for (int client = 0; client < 6; client++)
        {
            actions.Add(new ModelAction.Join(5, client, new ReadSpec(0)));
            actions.Add(new ModelAction.Wait(3, 10));
        }

        actions.Add(new ModelAction.Leave(9, 3));
        return Schedule.From(1) with { Actions = actions };
    }

    private static ScheduleResult Result(Violation? violation) => new(violation, 0, 0, [], []);
}
