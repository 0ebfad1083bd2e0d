using S3Proxy.Fetching;
using S3Proxy.Origin.Slots;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Origin.Slots;

/// <summary>Requirement B5: who gets an origin's slots, and in which order. No slot is lost, whatever happens while it is waited for.</summary>
public class OriginSlotsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Five_three_and_one_waiting_for_six_slots_get_three_two_and_one()
    {
        OriginSlots slots = New(6);
        await TakeAsync(slots, 6, "old");
        List<string> served = [];
        List<Task> waiting = [];
        foreach ((string client, int count) in new[] { ("a", 5), ("b", 3), ("c", 1) })
        {
            for (int i = 0; i < count; i++)
            {
                waiting.Add(ServeAsync(slots, client, served));
            }
        }

        for (int i = 0; i < 6; i++)
        {
            slots.Release();
        }

        await UntilAsync(() => served.Count == 6);
        Assert.Equal((3, 2, 1), (served.Count(client => client == "a"), served.Count(client => client == "b"), served.Count(client => client == "c")));
        Assert.Equal(3, slots.Waiting(FetchClass.Demand));
        for (int i = 0; i < 9; i++)
        {
            slots.Release();
        }

        await Task.WhenAll(waiting);
        Assert.Equal(0, slots.InUse);
    }

    [Fact]
    public async Task What_is_read_ahead_crowds_out_nobody_who_waits_for_an_answer()
    {
        OriginSlots slots = New(1, maxWaiting: 1);
        await TakeAsync(slots, 1, "old");
        Task ahead = slots.AcquireAsync(new Requester("a", FetchClass.ReadAhead), CancellationToken.None).AsTask();

        Task wanted = slots.AcquireAsync(new Requester("b", FetchClass.Demand), CancellationToken.None).AsTask();

        FetchException error = await Assert.ThrowsAsync<FetchException>(async () => await slots.AcquireAsync(new Requester("c", FetchClass.Demand), CancellationToken.None));
        Assert.Equal(FetchFailure.Crowded, error.Failure);
        slots.Release();
        await wanted;
        slots.Release();
        await ahead;
        slots.Release();
        Assert.Equal(0, slots.InUse);
    }

    [Fact]
    public async Task A_greedy_client_gets_no_more_than_the_ninety_nine_others()
    {
        OriginSlots slots = New(10);
        await TakeAsync(slots, 10, "old");
        List<string> order = [];
        List<Task> waiting = [.. Enumerable.Range(0, 2000).Select(_ => ServeAsync(slots, "greedy", order))];
        for (int request = 0; request < 10; request++)
        {
            waiting.AddRange(Enumerable.Range(0, 99).Select(client => ServeAsync(slots, $"polite{client}", order)));
        }

        for (int i = 0; i < 1000; i++)
        {
            slots.Release();
        }

        await UntilAsync(() => order.Count == 1000);
        double[] shares = [.. order.CountBy(client => client).Select(pair => (double)pair.Value)];
        double jain = shares.Sum() * shares.Sum() / (shares.Length * shares.Sum(share => share * share));
        Assert.Equal(100, shares.Length);
        Assert.True(jain >= 0.95, $"Jain's index is {jain}.");
        Assert.All(shares, share => Assert.InRange(share, 9, 11));
        for (int i = 0; i < 2000; i++)
        {
            slots.Release();
        }

        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_client_with_a_backlog_is_served_within_one_round()
    {
        OriginSlots slots = New(1);
        await TakeAsync(slots, 1, "old");
        List<string> order = [];
        List<Task> waiting = [.. Enumerable.Range(0, 50).Select(i => ServeAsync(slots, $"client{i % 5}", order))];
        waiting.Add(ServeAsync(slots, "late", order));
        waiting.AddRange(Enumerable.Range(0, 50).Select(i => ServeAsync(slots, $"client{i % 5}", order)));

        for (int i = 0; i < waiting.Count; i++)
        {
            slots.Release();
            int expected = i + 1;
            await UntilAsync(() => order.Count == expected);
        }

        slots.Release();
        Assert.InRange(order.IndexOf("late"), 0, 6);
    }

    [Fact]
    public async Task Demand_comes_before_read_ahead_and_a_refresh_does_not_wait()
    {
        OriginSlots slots = New(1);
        await TakeAsync(slots, 1, "old");
        List<string> order = [];
        Task ahead = ServeAsync(slots, "ahead", order, FetchClass.ReadAhead);
        Task demand = ServeAsync(slots, "demand", order);

        FetchException dropped = await Assert.ThrowsAsync<FetchException>(() => slots.AcquireAsync(new Requester("r", FetchClass.Refresh), default).AsTask());
        Assert.Equal(FetchFailure.Crowded, dropped.Failure);

        slots.Release();
        await demand;
        slots.Release();
        await ahead;
        Assert.Equal(["demand", "ahead"], order);
        slots.Release();
        Assert.Equal(0, slots.InUse);
    }

    [Fact]
    public async Task A_free_slot_goes_to_nobody_ahead_of_those_who_wait()
    {
        OriginSlots slots = New(1);
        await TakeAsync(slots, 1, "old");
        List<string> order = [];
        Task waiting = ServeAsync(slots, "a", order);
        Assert.False(slots.TryAcquire());
        slots.Release();
        await waiting;
        Assert.False(slots.TryAcquire());
        slots.Release();
        Assert.True(slots.TryAcquire());
    }

    [Fact]
    public async Task The_line_and_the_wait_are_bounded()
    {
        OriginSlots slots = New(1, maxWaiting: 2);
        await TakeAsync(slots, 1, "old");
        Task first = slots.AcquireAsync(Of("a"), default).AsTask();
        Task second = slots.AcquireAsync(Of("a"), default).AsTask();
        FetchException full = await Assert.ThrowsAsync<FetchException>(() => slots.AcquireAsync(Of("b"), default).AsTask());
        Assert.Equal(FetchFailure.Crowded, full.Failure);

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(FetchFailure.Crowded, (await Assert.ThrowsAsync<FetchException>(() => first)).Failure);
        await Assert.ThrowsAsync<FetchException>(() => second);
        slots.Release();
        Assert.Equal((0, 0), (slots.InUse, slots.Waiting(FetchClass.Demand)));
    }

    [Fact]
    public async Task Who_gives_up_takes_no_slot_along_and_nobody_elses_turn()
    {
        OriginSlots slots = New(1);
        await TakeAsync(slots, 1, "old");
        using CancellationTokenSource leaver = new();
        Task left = slots.AcquireAsync(Of("a"), leaver.Token).AsTask();
        Task stays = slots.AcquireAsync(Of("a"), default).AsTask();

        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        slots.Release();

        await stays;
        Assert.Equal(1, slots.InUse);
    }

    [Fact]
    public async Task A_lower_limit_lets_those_inside_finish_and_a_higher_one_lets_others_in()
    {
        OriginSlots slots = New(8, min: 2);
        await TakeAsync(slots, 8, "old");
        slots.Observe(OriginSignal.Overloaded, TimeSpan.Zero);
        Assert.Equal(4, slots.Limit);
        Task waiting = slots.AcquireAsync(Of("a"), default).AsTask();
        for (int i = 0; i < 4; i++)
        {
            slots.Release();
        }

        Assert.False(waiting.IsCompleted);
        slots.Release();
        await waiting;
        Assert.Equal(4, slots.InUse);
    }

    /// <summary>Random joins, leaves, time-outs and releases on several threads: in the end every slot is back and nobody waits.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_slot_is_lost_whatever_races(int seed)
    {
        OriginSlots slots = New(5, min: 1);
        int inside = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            Random random = new(seed * 100 + worker);
            for (int step = 0; step < 2000; step++)
            {
                using CancellationTokenSource leaver = new();
                Task turn = slots.AcquireAsync(new Requester($"client{random.Next(4)}", (FetchClass)random.Next(2)), leaver.Token).AsTask();
                if (random.Next(3) == 0)
                {
                    await leaver.CancelAsync();
                }

                try
                {
                    await turn;
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                int now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                if (random.Next(2) == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside);
                slots.Release();
            }
        })));

        Assert.InRange(most, 1, 5);
        Assert.Equal((0, 0, 0), (slots.InUse, slots.Waiting(FetchClass.Demand), slots.Waiting(FetchClass.ReadAhead)));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) is int other && other != seen)
        {
            seen = other;
        }
    }

    private OriginSlots New(int max, int min = 1, int maxWaiting = 10_000) =>
        new(new AdaptiveLimit(max, min, reactsToLatency: false, _time), maxWaiting, TimeSpan.FromSeconds(30), _time);

    private static Requester Of(string client) => new(client, FetchClass.Demand);

    private static async Task TakeAsync(OriginSlots slots, int count, string client)
    {
        for (int i = 0; i < count; i++)
        {
            await slots.AcquireAsync(Of(client), default);
        }
    }

    private static async Task ServeAsync(OriginSlots slots, string client, List<string> order, FetchClass of = FetchClass.Demand)
    {
        await slots.AcquireAsync(new Requester(client, of), default);
        lock (order)
        {
            order.Add(client);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int turn = 0; turn < 1_000_000 && !condition(); turn++)
        {
            await Task.Yield();
        }

        Assert.True(condition());
    }
}
