using S3Proxy.Coalescing.Batching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Coalescing.Waking;
using S3Proxy.Testing;

namespace S3Proxy.Coalescing.Tests;

/// <summary>Requirement F1: what the hot path may allocate stands in allocation-budgets.json; more fails the build.</summary>
public sealed class AllocationBudgetTests
{
    private const int Calls = 1000;

    [Fact]
    public void F1_leading_a_flight_to_its_end_costs_the_flight_and_its_place_in_the_table()
    {
        RequestCoalescer<int, string> coalescer = new(new CoalescerOptions(), TimeProvider.System);

        AllocationBudgets.AssertWithin("acquireEndDispose", Calls, () =>
        {
            using CoalescingGuard<int, string> guard = coalescer.Acquire(1);
            guard.Flight.End(FlightState.Complete);
        });
    }

    [Fact]
    public void F1_joining_and_leaving_a_flight_costs_nothing()
    {
        // Fewer joins than a flight has tickets without a bit of memory each.
        const int Joins = 12;
        RequestCoalescer<int, string> coalescer = new(new CoalescerOptions(), TimeProvider.System);
        using CoalescingGuard<int, string> leader = coalescer.Acquire(1);

        AllocationBudgets.AssertWithin("joinDispose", Joins, () => coalescer.Acquire(1).Dispose());
    }

    [Fact]
    public void F1_a_thousand_joins_of_one_flight_cost_bits()
    {
        RequestCoalescer<int, string> coalescer = new(new CoalescerOptions(), TimeProvider.System);
        using CoalescingGuard<int, string> leader = coalescer.Acquire(1);

        AllocationBudgets.AssertWithin("joinDisposeInHerd", Calls, () => coalescer.Acquire(1).Dispose());
    }

    [Fact]
    public void K2_noting_a_request_costs_nothing()
    {
        // One batch holds them all: its own memory is used again as soon as it is merged, which here would race with the measurement.
        UsageStatistics<string, string> statistics = new(new UsageStatisticsOptions { BatchRecords = 16 * Calls }, TimeProvider.System);

        AllocationBudgets.AssertWithin("recordUsage", Calls, () => statistics.Record("key", "tenant", 1024));
    }

    [Fact]
    public void B1_a_lone_request_costs_its_item_its_lane_and_its_batch()
    {
        Task<IReadOnlyList<BatchResult<int>>> results = Task.FromResult<IReadOnlyList<BatchResult<int>>>([BatchResult.Of(1)]);
        Batcher<int, int> batcher = new(new BatcherOptions(), (_, _) => results, laneOf: null, orphan: null, TimeProvider.System);

        AllocationBudgets.AssertWithin("askAlone", Calls, () =>
        {
            ValueTask<int> answer = batcher.AskAsync(7, CancellationToken.None);
            Assert.True(answer.IsCompletedSuccessfully);
        });
    }

    [Fact]
    public void W2_waiting_and_waking_cost_the_token_and_its_place_in_the_table()
    {
        using WakeHub<int> hub = new(new WakeHubOptions(), TimeProvider.System);

        AllocationBudgets.AssertWithin("registerWaitWake", Calls, () =>
        {
            using WakeToken<int> token = hub.Register(7);
            ValueTask<WakeReason> wait = token.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            hub.Wake(7, WakeReason.Completed);
            Assert.True(wait.IsCompletedSuccessfully);
        });
    }

    [Fact]
    public void W9_a_further_wait_of_a_token_costs_nothing()
    {
        using WakeHub<int> hub = new(new WakeHubOptions(), TimeProvider.System);
        using WakeToken<int> token = hub.Register(7);

        AllocationBudgets.AssertWithin("waitWake", Calls, () =>
        {
            ValueTask<WakeReason> wait = token.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            hub.Wake(7, WakeReason.Completed);
            Assert.True(wait.IsCompletedSuccessfully && wait.Result == WakeReason.Completed);
        });
    }

    [Fact]
    public void Every_budget_is_measured() =>
        Assert.Equal(
            ["acquireEndDispose", "askAlone", "joinDispose", "joinDisposeInHerd", "recordUsage", "registerWaitWake", "waitWake"],
            AllocationBudgets.All.Keys.Order(StringComparer.Ordinal));
}
