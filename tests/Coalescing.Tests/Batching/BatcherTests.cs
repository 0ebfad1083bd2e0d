using S3Proxy.Coalescing.Batching;
using S3Proxy.Testing;

namespace S3Proxy.Coalescing.Tests.Batching;

/// <summary>Requirements B1, B2 and B6: when a batch leaves, and what is bounded.</summary>
public sealed partial class BatcherTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly HeldSends _sends = new();
    private readonly List<(string Request, string Result)> _orphans = [];
    private readonly RecordingObserver _observer = new();

    [Fact]
    public async Task B1_an_idle_lane_sends_at_once_on_the_callers_thread()
    {
        int thread = 0;
        Batcher<string, string> batcher = new(
            new BatcherOptions { BatchWindow = TimeSpan.FromHours(1), MaxInFlight = 2 },
            (requests, token) =>
            {
                thread = Environment.CurrentManagedThreadId;
                return _sends.SendAsync(requests, token);
            },
            laneOf: null,
            orphan: null,
            _time);

        ValueTask<string> answer = batcher.AskAsync("a", CancellationToken.None);

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(["a"], _sends.Batch(0));
        Assert.Equal(0, _time.ArmedTimers);
        Assert.False(answer.IsCompleted);
        _sends.Answer(0);
        Assert.Equal("A", await answer);
        Assert.Equal(0, batcher.LaneCount);
    }

    [Fact]
    public async Task B1_what_gathers_while_a_batch_is_in_flight_leaves_when_it_returns()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions { BatchWindow = TimeSpan.FromHours(1) });
        Task<string>[] answers = Ask(batcher, "a", "b", "c");

        Assert.Equal(1, _sends.Count);
        _sends.Answer(0);

        Assert.Equal(2, _sends.Count);
        Assert.Equal(["b", "c"], _sends.Batch(1));
        _sends.Answer(1);
        Assert.Equal(["A", "B", "C"], await Task.WhenAll(answers));
        Assert.Equal(0, _time.ArmedTimers);
        Assert.Equal(2, batcher.RoundTripCount);
        Assert.Equal(0, batcher.PendingCount);
    }

    [Fact]
    public async Task B6_512_distinct_requests_behind_one_take_8_round_trips()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions { MaxBatchItems = 513 });
        Task<string>[] answers = Ask(batcher, [.. Enumerable.Range(0, 513).Select(number => $"r{number}")]);

        for (int batch = 0; batch < 9; batch++)
        {
            Assert.Equal(batch + 1, _sends.Count);
            Assert.Equal(batch == 0 ? 1 : 64, _sends.Batch(batch).Count);
            _sends.Answer(batch);
        }

        Assert.Equal(9, batcher.RoundTripCount);
        Assert.All(await Task.WhenAll(answers), (answer, number) => Assert.Equal($"R{number}", answer));
    }

    [Fact]
    public void B2_with_places_in_flight_a_full_batch_leaves_at_once_and_another_after_the_window()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions { MaxBatchSize = 2, MaxInFlight = 3, BatchWindow = TimeSpan.FromMilliseconds(5) });
        Ask(batcher, "a", "b");
        Assert.Equal(1, _sends.Count);
        Ask(batcher, "c");
        Assert.Equal(["b", "c"], _sends.Batch(1));

        Ask(batcher, "d");
        _time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal(2, _sends.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["d"], _sends.Batch(2));
        Assert.Equal(TimeSpan.FromMilliseconds(5), _observer.Sent[2].OldestWaited);

        // All places are taken: not even a full batch leaves, and no timer runs.
        Ask(batcher, "e", "f", "g");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, _sends.Count);
        Assert.Equal(0, _time.ArmedTimers);
        _sends.Answer(1);
        Assert.Equal(["e", "f"], _sends.Batch(3));
    }

    [Fact]
    public void B2_a_window_left_by_its_oldest_request_lasts_for_the_next()
    {
        using CancellationTokenSource leaves = new();
        Batcher<string, string> batcher = Make(new BatcherOptions { MaxInFlight = 2, BatchWindow = TimeSpan.FromMilliseconds(5) });
        Ask(batcher, "a");
        Task<string> left = batcher.AskAsync("b", leaves.Token).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Ask(batcher, "c");
        leaves.Cancel();

        _time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal(1, _sends.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["c"], _sends.Batch(1));
        Assert.False(left.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task B2_without_batching_each_request_is_sent_by_itself_at_once_and_none_is_refused()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions { IsEnabled = false, MaxBatchItems = 1 });

        Task<string>[] answers = Ask(batcher, "a", "b", "c");

        Assert.Equal(3, _sends.Count);
        Assert.Equal(["c"], _sends.Batch(2));
        _sends.Answer(2);
        Assert.Equal("C", await answers[2]);
        Assert.False(answers[0].IsCompleted);
        Assert.Equal(0, batcher.LaneCount);
    }

    [Fact]
    public async Task B2_one_request_more_than_the_bound_is_refused_and_counted()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions { MaxBatchItems = 2 });
        Ask(batcher, "a", "b");

        Assert.False(batcher.TryAsk("c", CancellationToken.None, out ValueTask<string> refused));
        await Assert.ThrowsAsync<BatcherFullException>(() => refused.AsTask());
        BatcherFullException error = await Assert.ThrowsAsync<BatcherFullException>(() => batcher.AskAsync("d", CancellationToken.None).AsTask());

        Assert.Contains("2 (maxBatchItems)", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, batcher.RefusedCount);
        Assert.Equal(2, _observer.Refused);
        _sends.Answer(0);
        Assert.True(batcher.TryAsk("e", CancellationToken.None, out _));
    }

    [Fact]
    public async Task Lanes_do_not_wait_for_one_another_and_never_mix()
    {
        Batcher<string, string> batcher = new(new BatcherOptions(), _sends.SendAsync, request => request[0], orphan: null, _time, _observer);
        Task<string>[] answers = Ask(batcher, "a1", "b1", "a2", "b2", "a3");

        Assert.Equal(2, _sends.Count);
        Assert.Equal(2, batcher.LaneCount);
        _sends.Answer(1);
        Assert.Equal(["b2"], _sends.Batch(2));
        _sends.Answer(0);
        Assert.Equal(["a2", "a3"], _sends.Batch(3));
        _sends.Answer(2);
        Assert.Equal(1, batcher.LaneCount);
        _sends.Answer(3);

        Assert.Equal(0, batcher.LaneCount);
        Assert.Equal(["A1", "B1", "A2", "B2", "A3"], await Task.WhenAll(answers));
        Assert.Equal('b', _observer.Sent[2].Lane);
    }

    [Fact]
    public void The_first_callers_context_does_not_live_on_in_the_batches_of_others()
    {
        AsyncLocal<string> activity = new();
        List<string?> seen = [];
        Batcher<string, string> batcher = new(
            new BatcherOptions(),
            (requests, token) =>
            {
                seen.Add(activity.Value);
                return _sends.SendAsync(requests, token);
            },
            laneOf: null,
            orphan: null,
            _time);
        activity.Value = "first";
        Ask(batcher, "a", "b");

        activity.Value = "answering";
        _sends.Answer(0);

        Assert.Equal("first", seen[0]);
        Assert.NotEqual("first", seen[1]);
    }

    [Fact]
    public void A_caller_whose_batch_is_back_at_once_does_not_serve_others()
    {
        Thread caller = Thread.CurrentThread;
        HeldSends open = new() { IsOpen = true };
        Batcher<string, string>? batcher = null;
        TaskCompletionSource<Thread> second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        batcher = new(
            new BatcherOptions(),
            (requests, token) =>
            {
                if (requests[0] == "a")
                {
                    // Comes while the first is in flight.
                    _ = batcher!.AskAsync("b", CancellationToken.None).AsTask();
                }
                else
                {
                    second.SetResult(Thread.CurrentThread);
                }

                return open.SendAsync(requests, token);
            },
            laneOf: null,
            orphan: null,
            _time);

        ValueTask<string> answer = batcher.AskAsync("a", CancellationToken.None);

        Assert.True(answer.IsCompletedSuccessfully);
#pragma warning disable xUnit1031 // The caller's thread must stay busy here, or the pool might run the batch on it.
        Assert.NotSame(caller, second.Task.GetAwaiter().GetResult());
#pragma warning restore xUnit1031
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new BatcherOptions { MaxBatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new BatcherOptions { MaxBatchItems = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new BatcherOptions { MaxInFlight = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new BatcherOptions { BatchWindow = TimeSpan.FromTicks(-1) }));
    }

    /// <summary>What the batcher starts by itself it starts on the test's thread.</summary>
    private Batcher<string, string> Make(BatcherOptions options) => new(
        options with { Scheduler = new InlineScheduler() },
        _sends.SendAsync,
        laneOf: null,
        (request, result) => _orphans.Add((request, result)),
        _time,
        _observer);

    private static Task<string>[] Ask(Batcher<string, string> batcher, params string[] requests) =>
        [.. requests.Select(request => batcher.AskAsync(request, CancellationToken.None).AsTask())];

    private sealed class InlineScheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class RecordingObserver : BatchObserver
    {
        public List<(int Lane, int Requests, TimeSpan OldestWaited)> Sent { get; } = [];

        public List<Exception?> Orphaned { get; } = [];

        public int Refused { get; private set; }

        public override void OnSent(int lane, int requests, TimeSpan oldestWaited) => Sent.Add((lane, requests, oldestWaited));

        public override void OnRefused() => Refused++;

        public override void OnOrphaned(Exception? failure) => Orphaned.Add(failure);
    }
}
