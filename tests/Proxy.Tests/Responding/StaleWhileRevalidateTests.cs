using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Responding;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>Requirement C5: readers are answered at once while one of them has the object renewed in the background.</summary>
public sealed class StaleWhileRevalidateTests : IDisposable
{
    private static readonly ObjectId Id = new("main", "bucket", "key");

    private readonly ResponderBench _bench = new();
    private readonly FetchBench _core;

    public StaleWhileRevalidateTests()
    {
        _core = _bench.Core;
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromSeconds(60), StaleWhileRevalidate = TimeSpan.FromSeconds(30) };
        _core.Origin.Content = FetchBench.Bytes(3 * FetchBench.SliceBytes);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Fifty_readers_cost_one_conditional_head_of_class_refresh()
    {
        await GrowStaleAsync();
        TaskCompletionSource held = new();
        _core.Origin.BeforeHeaders = _ => held.Task;

        (int Status, string Outcome, byte[] Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _bench.AnswerAsync(_core.Read())));
        held.SetResult();
        await SettleAsync();

        Assert.All(answers, answer => Assert.Equal((200, "STALE"), (answer.Status, answer.Outcome)));
        Assert.All(answers, answer => Assert.Equal(_core.Origin.Content, answer.Body));
        OriginRead refresh = Assert.Single(_core.Origin.Reads.Skip(1));
        Assert.Equal((HttpMethod.Head, FetchClass.Refresh, "\"v1\""), (refresh.Method, refresh.Requester.Class, refresh.IfNoneMatch));
        Assert.Equal(1, _core.Tables.Refreshes.CountOf(RefreshResult.Renewed));
        Assert.Equal("HIT", await _bench.OutcomeAsync());
    }

    [Fact]
    public async Task A_stale_answer_says_so()
    {
        await GrowStaleAsync();
        ReadContext read = _core.Read();
        await _bench.AnswerAsync(read);

        Assert.Equal("s3proxy; fwd=stale; ttl=-1", read.Http.Response.Headers["Cache-Status"]);
        await SettleAsync();
    }

    [Fact]
    public async Task A_new_version_found_by_the_refresh_is_read_next_and_the_refresh_reads_no_body()
    {
        await GrowStaleAsync();
        _core.Origin.ETag = "\"v2\"";
        _core.Origin.Content = FetchBench.Bytes(2 * FetchBench.SliceBytes, seed: 2);
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        await SettleAsync();

        (int _, string outcome, byte[] body) = await _bench.AnswerAsync(_core.Read());
        Assert.Equal("MISS", outcome);
        Assert.Equal(_core.Origin.Content, body);
        Assert.Equal([HttpMethod.Get, HttpMethod.Head, HttpMethod.Get], _core.Origin.Reads.Select(read => read.Method));
    }

    [Fact]
    public async Task Behind_the_window_the_reader_waits_for_the_origin()
    {
        await GrowStaleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(29));

        Assert.Equal("REVALIDATED", await _bench.OutcomeAsync());
        Assert.Equal(FetchClass.Demand, _core.Origin.Reads[^1].Requester.Class);
    }

    [Fact]
    public async Task A_write_ends_the_old_version_for_good()
    {
        await GrowStaleAsync();
        TaskCompletionSource held = new();
        TaskCompletionSource asked = new();
        _core.Origin.BeforeHeaders = number => number == 2 ? Hold(asked, held) : Task.CompletedTask;
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        await asked.Task;

        _core.Writes.Begin([Id]).Answered();
        byte[] written = FetchBench.Bytes(FetchBench.SliceBytes, seed: 3);
        (_core.Origin.Content, _core.Origin.ETag) = (written, "\"v3\"");
        Assert.Equal(written, (await _bench.AnswerAsync(_core.Read())).Body);

        // The refresh that was on its way tells the old version now.
        _core.Origin.Instead = (_, read) => read.Method == HttpMethod.Head ? ScriptedOrigin.Plain(304, "", ("ETag", "\"v1\"")) : null;
        held.SetResult();
        await SettleAsync();
        Assert.Equal(written, (await _bench.AnswerAsync(_core.Read())).Body);
    }

    [Fact]
    public async Task A_refresh_that_finds_the_object_gone_ends_stale_answers()
    {
        await GrowStaleAsync();
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(404, "<Error/>");
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        await SettleAsync();

        Assert.Equal(404, (await _bench.AnswerAsync(_core.Read())).Status);
    }

    [Fact]
    public async Task A_failed_refresh_is_not_tried_again_at_once()
    {
        await GrowStaleAsync();
        _core.Origin.Instead = (_, _) => throw new FetchException(FetchFailure.Unreachable, "down");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("STALE", await _bench.OutcomeAsync());
            await SettleAsync();
        }

        Assert.Equal(2, _core.Origin.Reads.Count);
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        await SettleAsync();
        Assert.Equal(3, _core.Origin.Reads.Count);
    }

    [Fact]
    public async Task A_head_that_joined_a_refresh_which_failed_asks_in_its_own_right()
    {
        await GrowStaleAsync();
        TaskCompletionSource held = new();
        TaskCompletionSource asked = new();
        _core.Origin.BeforeHeaders = number => number == 2 ? Hold(asked, held) : Task.CompletedTask;
        _core.Origin.Instead = (number, _) => number == 2 ? throw new FetchException(FetchFailure.Unreachable, "dropped") : null;
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        await asked.Task;

        _core.Rule = new CacheRule { Mode = CacheMode.Revalidate };
        Task<(int Status, string Outcome, byte[] Body)> head = _bench.AnswerAsync(_core.Read(head: true));
        held.SetResult();

        Assert.Equal(200, (await head).Status);
        Assert.Equal(FetchClass.Demand, _core.Origin.Reads[^1].Requester.Class);
        await SettleAsync();
    }

    [Fact]
    public async Task A_miss_during_a_refresh_costs_one_request_of_its_own()
    {
        await GrowStaleAsync();
        TaskCompletionSource held = new();
        TaskCompletionSource asked = new();
        _core.Origin.BeforeHeaders = number => number == 2 ? Hold(asked, held) : Task.CompletedTask;
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        await asked.Task;
        _core.Memory.Clear();

        (int status, string outcome, byte[] body) = await _bench.AnswerAsync(_core.Read());
        held.SetResult();
        await SettleAsync();

        Assert.Equal((200, "MISS"), (status, outcome));
        Assert.Equal(_core.Origin.Content, body);
        Assert.Equal(3, _core.Origin.Reads.Count);
    }

    [Fact]
    public async Task Without_its_first_slice_the_object_is_asked_for_as_usual()
    {
        Assert.Equal("MISS", await _bench.OutcomeAsync(_core.Read("bytes=0-9")));
        await SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("MISS", await _bench.OutcomeAsync(_core.Read("bytes=131072-131080")));
        Assert.Equal(2, _core.Origin.Reads.Count);
        await SettleAsync();
    }

    [Fact]
    public async Task Refresh_ahead_renews_before_anybody_is_answered_stale()
    {
        _core.Rule = _core.Rule with { RefreshAhead = 0.1 };
        await _bench.OutcomeAsync();
        await SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(55));
        Assert.Equal("HIT", await _bench.OutcomeAsync());
        await SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("HIT", await _bench.OutcomeAsync());
        Assert.Equal(2, _core.Origin.Reads.Count);
    }

    [Fact]
    public async Task Too_many_refreshes_are_dropped_and_nobody_notices()
    {
        using ResponderBench bench = new(new FetchOptions { NearlyDoneBytes = FetchBench.SliceBytes, MaxRefreshes = 0 });
        bench.Core.Rule = _core.Rule;
        bench.Core.Origin.Content = _core.Origin.Content;
        await bench.OutcomeAsync();
        await bench.Core.SettleAsync();
        bench.Core.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("STALE", await bench.OutcomeAsync());
        Assert.Equal(1, bench.Core.Tables.Refreshes.CountOf(RefreshResult.Dropped));
        Assert.Equal(0, bench.Core.Tables.InFlightCount);
        Assert.Single(bench.Core.Origin.Reads);
    }

    [Fact]
    public async Task A_refresh_ends_with_the_process()
    {
        await GrowStaleAsync();
        _core.Origin.BeforeHeaders = static _ => new TaskCompletionSource().Task;
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        Assert.Equal(1, _core.Tables.InFlightCount);

        _core.Refreshes.Dispose();
        await SettleAsync();
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        Assert.Equal(0, _core.Tables.InFlightCount);
    }

    /// <summary>Two client buckets on one origin bucket share what is cached and not each other's patience.</summary>
    [Fact]
    public async Task Each_reader_judges_by_its_own_rule()
    {
        CacheRule patient = _core.Rule;
        CacheRule strict = new() { Mode = CacheMode.Revalidate };
        _core.Rule = new CacheRule { Mode = CacheMode.Immutable };
        Assert.Equal("MISS", await _bench.OutcomeAsync());
        await SettleAsync();

        _core.Rule = strict;
        Assert.Equal("REVALIDATED", await _bench.OutcomeAsync());
        _core.Time.Advance(TimeSpan.FromSeconds(61));
        _core.Rule = patient;
        Assert.Equal("STALE", await _bench.OutcomeAsync());
        await SettleAsync();
        _core.Rule = strict;
        Assert.Equal("REVALIDATED", await _bench.OutcomeAsync());
        _core.Rule = new CacheRule { Mode = CacheMode.Immutable };
        _core.Time.Advance(TimeSpan.FromDays(1000));
        Assert.Equal("HIT", await _bench.OutcomeAsync());
    }

    private static Task Hold(TaskCompletionSource asked, TaskCompletionSource held)
    {
        asked.TrySetResult();
        return held.Task;
    }

    private async Task GrowStaleAsync()
    {
        Assert.Equal("MISS", await _bench.OutcomeAsync());
        await SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(61));
    }

    private async Task SettleAsync()
    {
        await _core.SettleAsync();
        for (int turn = 0; turn < 2_000_000 && _core.Tables.Refreshes.Active > 0; turn++)
        {
            await Task.Yield();
        }

        Assert.Equal(0, _core.Tables.Refreshes.Active);
    }
}
