using S3Proxy.Origin;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Origin;

/// <summary>Requirement R1: repeats and second requests are a bounded share of all.</summary>
public class RetryBudgetTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Repeats_are_a_share_of_the_requests_once_the_first_few_are_used_up()
    {
        RetryBudget budget = new(0.2, _time);
        Assert.Equal(10, TakeAll(budget));
        for (int request = 0; request < 100; request++)
        {
            budget.OnRequest();
        }

        Assert.InRange(TakeAll(budget), 19, 20);
    }

    [Fact]
    public void A_few_a_second_are_always_allowed_and_no_more_than_a_hundred_saved()
    {
        RetryBudget budget = new(0, _time);
        TakeAll(budget);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, TakeAll(budget));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(100, TakeAll(budget));
    }

    [Fact]
    public void Hedges_never_exceed_their_share()
    {
        HedgeBudget budget = new(0.05);
        int taken = 0;
        for (int request = 0; request < 1000; request++)
        {
            budget.OnRequest();
            taken += budget.TryTake() ? 1 : 0;
        }

        Assert.InRange(taken, 45, 50);
    }

    private static int TakeAll(RetryBudget budget)
    {
        int taken = 0;
        while (budget.TryTake())
        {
            taken++;
        }

        return taken;
    }
}
