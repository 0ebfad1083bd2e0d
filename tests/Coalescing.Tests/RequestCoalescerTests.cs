using S3Proxy.Testing;

namespace S3Proxy.Coalescing.Tests;

/// <summary>Requirements F1, F2, F11, F13.</summary>
public sealed partial class RequestCoalescerTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Acquire_creates_a_slot_that_its_first_caller_leads()
    {
        RequestCoalescer<string, int> coalescer = New();

        using CoalescingGuard<string, int> guard = coalescer.Acquire("a");

        Assert.True(guard.IsLeader);
        Assert.Equal(1, coalescer.InFlightCount);
        Assert.Equal(FlightState.Queued, guard.Flight.State);
    }

    [Fact]
    public async Task Waiters_wait_until_the_leader_has_an_outcome()
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        using CoalescingGuard<string, int> follower = coalescer.Acquire("a");

        Task<FlightOutcome<int>> waiting = follower.Flight.WhenPublishedAsync(CancellationToken.None).AsTask();
        Assert.False(follower.IsLeader);
        Assert.False(waiting.IsCompleted);

        leader.Flight.Complete(7);

        FlightOutcome<int> outcome = await waiting;
        Assert.True(outcome.HasResult);
        Assert.Equal(7, outcome.Result);
    }

    [Fact]
    public void A_flight_that_ends_in_its_grace_time_with_nobody_left_is_deserted()
    {
        RequestCoalescer<string, int> coalescer = new(new CoalescerOptions { Grace = TimeSpan.FromSeconds(5) }, _time);
        CoalescingGuard<string, int> guard = coalescer.Acquire("a");
        CancellationToken deserted = guard.Flight.Deserted;
        guard.Flight.Publish(7);
        guard.Dispose();
        Assert.False(deserted.IsCancellationRequested);

        guard.Flight.End(FlightState.Complete);

        Assert.True(deserted.IsCancellationRequested);
    }

    [Fact]
    public async Task Five_concurrent_requests_are_deduplicated_into_one_fetch()
    {
        RequestCoalescer<string, int> coalescer = New();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int fetches = 0;

        async Task<int> RequestAsync()
        {
            using CoalescingGuard<string, int> guard = coalescer.Acquire("a");
            if (guard.IsLeader)
            {
                guard.Flight.Start(async (flight, _) =>
                {
                    Interlocked.Increment(ref fetches);
                    await gate.Task;
                    flight.Complete(42);
                });
            }

            return (await guard.Flight.WhenPublishedAsync(CancellationToken.None)).Result;
        }

        Task<int>[] requests = [.. Enumerable.Range(0, 5).Select(_ => RequestAsync())];
        gate.SetResult();

        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(42, answer));
        Assert.Equal(1, fetches);
        Assert.Equal(0, coalescer.InFlightCount);
    }

    [Fact]
    public void InFlightCount_follows_flights_from_their_claim_to_their_end()
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> a = coalescer.Acquire("a");
        using CoalescingGuard<string, int> b = coalescer.Acquire("b");
        using CoalescingGuard<string, int> joined = coalescer.Acquire("a");
        Assert.Equal(2, coalescer.InFlightCount);

        a.Flight.Complete(1);
        Assert.Equal(1, coalescer.InFlightCount);

        b.Flight.End(FlightState.Failed, error: new IOException());
        Assert.Equal(0, coalescer.InFlightCount);
    }

    [Theory]
    [InlineData("bucket-a/key", "bucket-b/key")]
    [InlineData("bucket/key-1", "bucket/key-2")]
    public async Task Different_keys_do_not_block_one_another_in_different_buckets_and_in_the_same(string held, string free)
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> stuck = coalescer.Acquire(held);
        using CoalescingGuard<string, int> other = coalescer.Acquire(free);

        Assert.True(other.IsLeader);
        other.Flight.Start((flight, _) =>
        {
            flight.Complete(1);
            return Task.CompletedTask;
        });

        Assert.Equal(1, (await other.Flight.WhenPublishedAsync(CancellationToken.None)).Result);
        Assert.Equal(FlightState.Queued, stuck.Flight.State);
    }

    [Fact]
    public void Disposing_twice_or_through_a_copy_leaves_once()
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        CoalescingGuard<string, int> follower = coalescer.Acquire("a");
        CoalescingGuard<string, int> copy = follower;

        follower.Dispose();
        follower.Dispose();
        copy.Dispose();

        Assert.Equal(1, leader.Flight.Participants);
        Assert.Equal(FlightState.Queued, leader.Flight.State);
    }

    [Fact]
    public async Task A_leader_that_leaves_without_an_outcome_wakes_everyone_with_Abandoned()
    {
        RequestCoalescer<string, int> coalescer = New();
        CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        using CoalescingGuard<string, int> follower = coalescer.Acquire("a");
        Task<FlightOutcome<int>> waiting = follower.Flight.WhenPublishedAsync(CancellationToken.None).AsTask();

        leader.Dispose();

        FlightOutcome<int> outcome = await waiting;
        Assert.Equal(FlightState.Abandoned, outcome.State);
        Assert.True(outcome.IsInconclusive);
        using CoalescingGuard<string, int> next = coalescer.Acquire("a");
        Assert.True(next.IsLeader);
    }

    [Fact]
    public async Task A_fetch_that_throws_or_returns_without_outcome_ends_its_flight_for_everyone()
    {
        // groupcache, singleflight (golang/go #33519): a panic in the leader dead-locked the rest.
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> throwing = coalescer.Acquire("a");
        using CoalescingGuard<string, int> silent = coalescer.Acquire("b");
        throwing.Flight.Start((_, _) => throw new InvalidOperationException("boom"));
        silent.Flight.Start((_, _) => Task.CompletedTask);

        FlightOutcome<int> failed = await throwing.Flight.WhenPublishedAsync(CancellationToken.None);
        FlightOutcome<int> abandoned = await silent.Flight.WhenPublishedAsync(CancellationToken.None);

        Assert.Equal(FlightState.Failed, failed.State);
        Assert.IsType<InvalidOperationException>(failed.Error);
        Assert.Equal(FlightState.Abandoned, abandoned.State);
        Assert.Equal(0, coalescer.InFlightCount);
    }

    [Fact]
    public async Task One_participants_cancellation_is_never_seen_by_another()
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        using CoalescingGuard<string, int> first = coalescer.Acquire("a");
        using CoalescingGuard<string, int> second = coalescer.Acquire("a");
        using CancellationTokenSource client = new();
        Task<FlightOutcome<int>> leaving = first.Flight.WhenPublishedAsync(client.Token).AsTask();
        Task<FlightOutcome<int>> staying = second.Flight.WhenPublishedAsync(CancellationToken.None).AsTask();

        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        leader.Flight.Complete(3);

        Assert.Equal(3, (await staying).Result);
    }

    [Fact]
    public async Task The_fetch_outlives_its_leader_and_ends_with_the_last_participant()
    {
        RequestCoalescer<string, int> coalescer = New();
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        leader.Flight.Start(async (_, deserted) =>
        {
            using CancellationTokenRegistration registration = deserted.UnsafeRegister(_ => stopped.SetResult(), null);
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, deserted);
        });
        CoalescingGuard<string, int> follower = coalescer.Acquire("a");

        leader.Dispose();
        Assert.False(stopped.Task.IsCompleted);
        follower.Dispose();

        await stopped.Task;
        Assert.Equal(FlightState.Cancelled, (await follower.Flight.WhenEndedAsync(CancellationToken.None)).State);
        Assert.Equal(0, coalescer.InFlightCount);
    }

    [Fact]
    public void Nobody_joins_a_flight_that_is_ending_for_want_of_participants()
    {
        RequestCoalescer<string, int> coalescer = New();
        CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        leader.Flight.Start((_, deserted) => Task.Delay(Timeout.InfiniteTimeSpan, _time, deserted));
        leader.Dispose();

        using CoalescingGuard<string, int> next = coalescer.Acquire("a");

        Assert.True(next.IsLeader);
        Assert.NotSame(leader.Flight, next.Flight);
    }

    [Fact]
    public async Task A_flight_without_participants_goes_on_for_the_grace_time_and_can_be_joined()
    {
        RequestCoalescer<string, int> coalescer = New(new CoalescerOptions { Grace = TimeSpan.FromSeconds(5) });
        CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        leader.Flight.Start((_, deserted) => Task.Delay(Timeout.InfiniteTimeSpan, _time, deserted));
        leader.Dispose();

        _time.Advance(TimeSpan.FromSeconds(4));
        CoalescingGuard<string, int> back = coalescer.Acquire("a");
        Assert.False(back.IsLeader);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(back.Flight.Deserted.IsCancellationRequested);

        back.Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(FlightState.Cancelled, (await back.Flight.WhenEndedAsync(CancellationToken.None)).State);
    }

    [Fact]
    public void A_flight_that_is_nearly_done_outlives_its_last_participant()
    {
        RequestCoalescer<string, int> coalescer = New();
        CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        leader.Flight.Start((_, deserted) => Task.Delay(Timeout.InfiniteTimeSpan, _time, deserted));
        leader.Flight.IsNearlyDone = true;
        leader.Dispose();

        using CoalescingGuard<string, int> joined = coalescer.Acquire("a");

        Assert.False(joined.IsLeader);
        Assert.False(joined.Flight.Deserted.IsCancellationRequested);
        joined.Flight.End(FlightState.Complete);
    }

    [Fact]
    public void Shutdown_ends_every_flight()
    {
        RequestCoalescer<int, int> coalescer = new(new CoalescerOptions(), _time);
        CoalescingGuard<int, int>[] guards = [.. Enumerable.Range(0, 10).Select(coalescer.Acquire)];

        coalescer.CancelAll();

        Assert.Equal(0, coalescer.InFlightCount);
        Assert.All(guards, guard => Assert.Equal(FlightState.Cancelled, guard.Flight.State));
    }

    [Fact]
    public async Task A_storm_of_joins_and_leaves_ends_with_nothing_in_flight()
    {
        RequestCoalescer<int, int> coalescer = new(new CoalescerOptions(), TimeProvider.System);
        int fetches = 0;
        await Parallel.ForAsync(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            for (int attempt = 0; attempt < 100; attempt++)
            {
                using CoalescingGuard<int, int> guard = coalescer.Acquire(i % 7);
                if (guard.IsLeader)
                {
                    Interlocked.Increment(ref fetches);
                    guard.Flight.Start(async (flight, _) =>
                    {
                        await Task.Yield();
                        flight.Complete(flight.Key);
                    });
                }

                if (i % 3 == 0 && attempt == 0)
                {
                    continue;
                }

                FlightOutcome<int> outcome = await guard.Flight.WhenPublishedAsync(CancellationToken.None);
                if (outcome.HasResult)
                {
                    Assert.Equal(i % 7, outcome.Result);
                    return;
                }
            }

            Assert.Fail("No outcome in 100 tries.");
        });

        Assert.Equal(0, coalescer.InFlightCount);
        Assert.InRange(fetches, 1, 40_000);
    }

    private RequestCoalescer<string, int> New(CoalescerOptions? options = null) => new(options ?? new CoalescerOptions(), _time);
}
