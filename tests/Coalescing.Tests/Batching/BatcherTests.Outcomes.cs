using S3Proxy.Coalescing.Batching;

namespace S3Proxy.Coalescing.Tests.Batching;

/// <summary>What callers hear: exactly one outcome each, whoever leaves and whatever throws.</summary>
public sealed partial class BatcherTests
{
    [Fact]
    public async Task A_request_cancelled_before_it_is_sent_is_taken_out()
    {
        // queueber: a cancelled caller stranded its item.
        using CancellationTokenSource leaves = new();
        Batcher<string, string> batcher = Make(new BatcherOptions { MaxBatchItems = 3 });
        Ask(batcher, "a");
        Task<string> left = batcher.AskAsync("b", leaves.Token).AsTask();
        Task<string>[] stays = Ask(batcher, "c");

        await leaves.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(leaves.Token, error.CancellationToken);
        Assert.Equal(2, batcher.PendingCount);
        _sends.Answer(0);
        Assert.Equal(["c"], _sends.Batch(1));
        _sends.Answer(1);
        Assert.Equal("C", await stays[0]);
        Assert.Empty(_orphans);
    }

    [Fact]
    public async Task A_request_cancelled_after_it_was_sent_ends_at_once_and_its_result_is_given_back()
    {
        using CancellationTokenSource leaves = new();
        Batcher<string, string> batcher = Make(new BatcherOptions());
        Task<string> left = batcher.AskAsync("a", leaves.Token).AsTask();

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(1, batcher.PendingCount);
        Assert.False(_sends.Token(0).IsCancellationRequested);
        _sends.Answer(0);
        Assert.Equal([("a", "A")], _orphans);
        Assert.Equal(0, batcher.PendingCount);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_already_is_not_sent()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batcher.AskAsync("a", new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(0, _sends.Count);
    }

    [Fact]
    public async Task What_one_request_fails_with_is_its_own()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions());
        Task<string>[] answers = Ask(batcher, "a", "b", "c", "d");
        _sends.Answer(0);
        InvalidDataException failed = new("b is bad");

        _sends.Answer(1, BatchResult.Failed<string>(failed), BatchResult.Of("C"));

        Assert.Same(failed, await Assert.ThrowsAsync<InvalidDataException>(() => answers[1]));
        Assert.Equal("C", await answers[2]);

        // The answer was too short: the last request fails, and does not wait for ever.
        InvalidOperationException missing = await Assert.ThrowsAsync<InvalidOperationException>(() => answers[3]);
        Assert.Contains("2 results for 3 requests", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_delegate_throws_every_request_of_the_batch_hears_and_no_other(bool throwsAtOnce)
    {
        InvalidDataException failed = new("no connection");
        int calls = 0;
        Batcher<string, string> batcher = new(
            new BatcherOptions(),
            (requests, token) => ++calls == 2 && throwsAtOnce ? throw failed : _sends.SendAsync(requests, token),
            laneOf: null,
            orphan: null,
            _time);
        Task<string>[] answers = Ask(batcher, "a", "b", "c");
        _sends.Answer(0);
        if (!throwsAtOnce)
        {
            _sends.Fail(1, failed);
        }

        Assert.Equal("A", await answers[0]);
        Assert.Same(failed, await Assert.ThrowsAsync<InvalidDataException>(() => answers[1]));
        Assert.Same(failed, await Assert.ThrowsAsync<InvalidDataException>(() => answers[2]));
        Task<string> after = batcher.AskAsync("d", CancellationToken.None).AsTask();
        _sends.Answer(_sends.Count - 1);
        Assert.Equal("D", await after);
    }

    [Fact]
    public async Task An_orphan_delegate_that_throws_strands_nobody()
    {
        using CancellationTokenSource leaves = new();
        Batcher<string, string> batcher = new(new BatcherOptions(), _sends.SendAsync, laneOf: null, (_, _) => throw new InvalidDataException("full"), _time, _observer);
        Ask(batcher, "first");
        Task<string> left = batcher.AskAsync("a", leaves.Token).AsTask();
        Task<string>[] stays = Ask(batcher, "b");
        _sends.Answer(0);
        await leaves.CancelAsync();

        _sends.Answer(1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal("B", await stays[0]);
        Assert.IsType<InvalidDataException>(Assert.Single(_observer.Orphaned));
    }

    [Fact]
    public async Task Stopping_ends_who_waits_and_waits_for_what_is_in_flight()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions());
        Task<string>[] answers = Ask(batcher, "a", "b");

        Task stopped = batcher.StopAsync(CancellationToken.None);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => answers[1]);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => batcher.AskAsync("c", CancellationToken.None).AsTask());
        Assert.False(stopped.IsCompleted);
        _sends.Answer(0);
        Assert.Equal("A", await answers[0]);
        await stopped;
        Assert.Equal(1, _sends.Count);
        await batcher.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_without_patience_cancels_what_is_in_flight_and_gives_back_what_comes_all_the_same()
    {
        using CancellationTokenSource patience = new();
        Batcher<string, string> batcher = Make(new BatcherOptions());
        Task<string> answer = batcher.AskAsync("a", CancellationToken.None).AsTask();
        Task stopped = batcher.StopAsync(patience.Token);

        await patience.CancelAsync();
        await stopped;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => answer);
        Assert.True(_sends.Token(0).IsCancellationRequested);
        _sends.Answer(0);
        Assert.Equal([("a", "A")], _orphans);
    }

    [Fact]
    public async Task A_batcher_with_nothing_in_flight_stops_at_once_and_more_than_once()
    {
        Batcher<string, string> batcher = Make(new BatcherOptions());
        Task<string>[] answers = Ask(batcher, "a");
        _sends.Answer(0);
        await answers[0];

        await batcher.StopAsync(CancellationToken.None);
        await batcher.DisposeAsync();
        batcher.Dispose();
    }
}
