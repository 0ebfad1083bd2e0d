using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Responding;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>Requirement F8: an answer that cannot be shared goes to one reader, the others are released in batches, and the object is marked.</summary>
public sealed class UncacheableAnswerTests : IDisposable
{
    private static readonly ObjectId Id = new("main", "bucket", "key");

    private readonly ResponderBench _bench = new(new FetchOptions { NearlyDoneBytes = FetchBench.SliceBytes, ResumePause = TimeSpan.Zero, ReleaseBatch = 2 });
    private readonly FetchBench _core;

    public UncacheableAnswerTests()
    {
        _core = _bench.Core;
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(200, "hello", ("Content-Type", "text/plain"), ("x-amz-checksum-crc32", "abc"), ("x-amz-request-id", "origin"));
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_leader_takes_the_answer_it_has_caused()
    {
        ReadContext read = _core.Read();

        (int status, string outcome, byte[] body) = await _bench.AnswerAsync(read);

        Assert.Equal((200, "BYPASS", "hello"), (status, outcome, System.Text.Encoding.UTF8.GetString(body)));
        Assert.Equal("text/plain", read.Http.Response.ContentType);
        Assert.Equal(5, read.Http.Response.ContentLength);
        Assert.False(read.Http.Response.Headers.ContainsKey("x-amz-checksum-crc32"));
        Assert.NotEqual("origin", read.Http.Response.Headers["x-amz-request-id"].ToString());
        Assert.Single(_core.Origin.Reads);
        await _core.SettleAsync();
    }

    [Fact]
    public async Task While_the_mark_holds_reads_do_not_wait_for_one_another()
    {
        await _bench.AnswerAsync(_core.Read());
        Assert.Equal("FORWARD", await _bench.OutcomeAsync());
        Assert.Equal("FORWARD", await _bench.OutcomeAsync(_core.Read(head: true)));
        Assert.Single(_core.Origin.Reads);

        _core.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("BYPASS", await _bench.OutcomeAsync());
        Assert.Equal(2, _core.Origin.Reads.Count);
    }

    [Fact]
    public async Task The_answer_to_a_head_is_never_handed_over_as_the_object()
    {
        // A range beyond the end leads; the HEAD that follows the 416 may not be shared, and a whole read waits in the same flight.
        TaskCompletionSource held = new();
        _core.Origin.BeforeHeaders = number => number == 1 ? held.Task : Task.CompletedTask;
        _core.Origin.Instead = static (number, _) => number == 1 ? ScriptedOrigin.Plain(416, "<Error/>") : ScriptedOrigin.Plain(200, "", ("ETag", "W/\"weak\""));
        Task<(int Status, string Outcome, byte[] Body)> beyond = _bench.AnswerAsync(_core.Read("bytes=99999-"));
        Task<(int Status, string Outcome, byte[] Body)> whole = _bench.AnswerAsync(_core.Read());
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 1, "the range is asked for");
        held.SetResult();

        Assert.Equal("FORWARD", (await whole).Outcome);
        Assert.Equal("FORWARD", (await beyond).Outcome);
    }

    [Fact]
    public async Task A_write_takes_the_mark_off()
    {
        await _bench.AnswerAsync(_core.Read());
        _core.Writes.Begin([Id]).Answered();
        _core.Origin.Instead = static (_, _) => null;
        _core.Origin.Content = FetchBench.Bytes(10);

        Assert.Equal("MISS", await _bench.OutcomeAsync());
        await _core.SettleAsync();
        Assert.Equal("HIT", await _bench.OutcomeAsync());
    }

    [Fact]
    public async Task The_others_come_in_batches()
    {
        TaskCompletionSource held = new();
        _core.Origin.BeforeHeaders = _ => held.Task;
        ReadContext[] reads = [.. Enumerable.Range(0, 7).Select(_ => _core.Read())];
        Task<(int Status, string Outcome, byte[] Body)>[] answers = [.. reads.Select(read => _bench.AnswerAsync(read))];
        held.SetResult();

        // Each turn given back, as when headers have come or the client has left, lets in one more.
        HashSet<int> forwarded = [];
        int relayed = 0;
        for (int done = 0; done < 7; done++)
        {
            Task<(int Status, string Outcome, byte[] Body)> next = await Task.WhenAny(answers.Where((_, i) => !forwarded.Contains(i)));
            int index = Array.IndexOf(answers, next);
            forwarded.Add(index);
            relayed += (await next).Outcome == "BYPASS" ? 1 : 0;
            Assert.InRange(reads.Where((read, i) => !forwarded.Contains(i) && read.Turn is not null).Count(), 0, 2);
            reads[index].Turn?.Dispose();
        }

        Assert.Equal(1, relayed);
        Assert.Single(_core.Origin.Reads);
        await _core.SettleAsync();
    }

    [Fact]
    public async Task A_reader_of_a_range_leaves_the_answer_and_it_is_closed()
    {
        DisposalWatch body = new();
        _core.Origin.Instead = (_, _) => new OriginAnswer(200, [new("Content-Length", "5")], Stream.Null, body);

        Assert.Equal("FORWARD", await _bench.OutcomeAsync(_core.Read("bytes=0-1")));
        Assert.True(body.IsDisposed);
        await _core.SettleAsync();
    }

    [Theory]
    [InlineData("Vary", "Cookie", "\"v1\"")]
    [InlineData("Set-Cookie", "a=b", "\"v1\"")]
    [InlineData("Vary", "Cookie", "W/\"weak\"")]
    [InlineData("Set-Cookie", "a=b", "W/\"weak\"")]
    public async Task What_was_made_for_the_proxys_own_request_is_nobodys(string name, string value, string etag)
    {
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(200, "hello", ("ETag", etag), (name, value));
        Assert.Equal("FORWARD", await _bench.OutcomeAsync());
        await _core.SettleAsync();
    }

    [Theory]
    [InlineData("Vary", "Cookie")]
    [InlineData("Set-Cookie", "a=b")]
    public async Task A_confirmation_made_for_the_proxys_own_request_renews_nothing(string name, string value)
    {
        _core.Origin.Instead = static (_, _) => null;
        _core.Origin.Content = FetchBench.Bytes(10);
        await _bench.OutcomeAsync();
        await _core.SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(61));
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(304, "", ("ETag", "\"v1\""), (name, value));

        Assert.Equal("FORWARD", await _bench.OutcomeAsync());
        Assert.Equal(0, _core.Memory.ObjectCount);
    }

    [Fact]
    public async Task A_cookie_beside_an_error_is_told_to_nobody()
    {
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(404, "<Error/>", ("Set-Cookie", "a=b"), ("x-amz-delete-marker", "true"));
        ReadContext read = _core.Read();

        Assert.Equal(404, (await _bench.AnswerAsync(read)).Status);
        Assert.Equal("true", read.Http.Response.Headers["x-amz-delete-marker"].ToString());
        Assert.False(read.Http.Response.Headers.ContainsKey("Set-Cookie"));
    }

    /// <summary>Invariant 6: who is forwarded because its own rule forbids what another bucket fetched keeps nothing of that fetch alive.</summary>
    [Fact]
    public async Task A_follower_whose_rule_forbids_sharing_leaves_the_run_to_the_others()
    {
        TaskCompletionSource held = new();
        using CancellationTokenSource leave = new();
        _core.Origin.BeforeHeaders = _ => held.Task;
        _core.Origin.Instead = static (_, _) => null;
        _core.Origin.Content = FetchBench.Bytes(12 * FetchBench.SliceBytes);
        _core.Origin.MoreHeaders = [new HeaderField("Cache-Control", "no-store")];
        Task<(int Status, string Outcome, byte[] Body)> leader = _bench.AnswerAsync(_core.Read(), leave.Token);
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 1, "the object is asked for");
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, HonourOrigin = true };
        Task<(int Status, string Outcome, byte[] Body)> follower = _bench.AnswerAsync(_core.Read());
        await leave.CancelAsync();
        await leader;
        held.SetResult();

        Assert.Equal("FORWARD", (await follower).Outcome);
        await _core.SettleAsync();
    }

    [Fact]
    public async Task A_relayed_body_that_breaks_off_is_never_ended_cleanly()
    {
        _core.Origin.Instead = (_, _) => new OriginAnswer(200, [new("Content-Length", "10")], new MemoryStream("hello"u8.ToArray()), null);
        ReadContext read = _core.Read();
        AbortWatch watch = new();
        read.Http.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature>(watch);
        using MemoryStream body = new();
        read.Http.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>(new StartedResponse());
        read.Http.Response.Body = body;

        Assert.True(await _bench.Responder.TryAnswerAsync(read));
        Assert.True(watch.IsAborted);
        await _core.SettleAsync();
    }

    [Fact]
    public async Task What_was_cached_before_is_dropped()
    {
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, StaleIfError = TimeSpan.FromHours(1) };
        _core.Origin.Instead = static (_, _) => null;
        _core.Origin.Content = FetchBench.Bytes(10);
        await _bench.AnswerAsync(_core.Read());
        await _core.SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(61));
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(200, "hello");
        Assert.Equal("BYPASS", await _bench.OutcomeAsync());
        _core.Time.Advance(TimeSpan.FromSeconds(11));
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");

        Assert.Equal(503, (await _bench.AnswerAsync(_core.Read())).Status);
    }

    [Theory]
    [InlineData("no-store")]
    [InlineData("private, max-age=60")]
    public async Task An_honoured_origin_keeps_its_answer_out_of_the_cache(string cacheControl)
    {
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, HonourOrigin = true };
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(200, "hello", ("ETag", "\"v1\""), ("Cache-Control", cacheControl));

        Assert.Equal("BYPASS", await _bench.OutcomeAsync());
        Assert.Equal(0, _core.Memory.ObjectCount);
        Assert.Equal("FORWARD", await _bench.OutcomeAsync());

        // A bucket that overrides the origin caches all the same, and that changes nothing for the first.
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl };
        Assert.Equal("MISS", await _bench.OutcomeAsync());
        await _core.SettleAsync();
        Assert.Equal("HIT", await _bench.OutcomeAsync());
        _core.Rule = _core.Rule with { HonourOrigin = true };
        Assert.Equal("FORWARD", await _bench.OutcomeAsync());
    }

    private sealed class DisposalWatch : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class AbortWatch : Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }

    private sealed class StartedResponse : Microsoft.AspNetCore.Http.Features.HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
