using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Fleet;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>Decision 0015, "Hearing": what a replica that may have missed an invalidation tells only after it has asked.</summary>
public sealed class HearingTests : IDisposable
{
    private readonly FakeHearing _hearing = new();
    private readonly ResponderBench _bench;
    private readonly FetchBench _core;

    public HearingTests()
    {
        _bench = new ResponderBench(hearing: _hearing);
        _core = _bench.Core;
        _core.Rule = new CacheRule
        {
            Mode = CacheMode.Ttl,
            Ttl = TimeSpan.FromSeconds(60),
            StaleIfError = TimeSpan.FromSeconds(600),
            StaleWhileRevalidate = TimeSpan.FromSeconds(600),
            NegativeTtl = TimeSpan.FromSeconds(60),
        };
        _core.Origin.Content = FetchBench.Bytes(2 * FetchBench.SliceBytes);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task While_it_does_not_hear_every_read_asks_and_takes_the_bytes_from_memory()
    {
        Assert.Equal("MISS", await _bench.OutcomeAsync());
        Assert.Equal("HIT", await _bench.OutcomeAsync());

        _hearing.Since = null;
        Assert.Equal("REVALIDATED", await _bench.OutcomeAsync());
        Assert.Equal("REVALIDATED", await _bench.OutcomeAsync());
    }

    [Fact]
    public async Task What_was_confirmed_while_it_did_not_hear_is_not_trusted_after()
    {
        _hearing.Since = null;
        await _bench.OutcomeAsync();
        await _bench.OutcomeAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(1));

        _hearing.Since = _core.Time.GetTimestamp();
        Assert.Equal("REVALIDATED", await _bench.OutcomeAsync());
        Assert.Equal("HIT", await _bench.OutcomeAsync());
    }

    [Fact]
    public async Task A_change_that_was_missed_is_seen()
    {
        await _bench.OutcomeAsync();
        _hearing.Since = null;
        _core.Origin.Content = FetchBench.Bytes(FetchBench.SliceBytes, seed: 2);
        _core.Origin.ETag = "\"22222222222222222222222222222222\"";

        (_, string outcome, byte[] body) = await _bench.AnswerAsync(_core.Read());
        Assert.Equal("MISS", outcome);
        Assert.Equal(_core.Origin.Content, body);
    }

    [Fact]
    public async Task It_does_not_stand_in_for_an_origin_that_fails()
    {
        await _bench.OutcomeAsync();
        _hearing.Since = null;
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");
        Assert.Equal(503, (await _bench.AnswerAsync(_core.Read())).Status);
    }

    [Fact]
    public async Task Objects_that_never_change_are_told()
    {
        _core.Rule = new CacheRule { Mode = CacheMode.Immutable };
        await _bench.OutcomeAsync();
        _hearing.Since = null;
        Assert.Equal("HIT", await _bench.OutcomeAsync());
    }

    [Fact]
    public async Task An_absence_that_is_remembered_is_asked_about_too()
    {
        int asked = 0;
        _core.Origin.Instead = (_, _) =>
        {
            asked++;
            return ScriptedOrigin.Plain(404, "<Error/>");
        };
        await _bench.AnswerAsync(_core.Read());
        await _bench.AnswerAsync(_core.Read());
        Assert.Equal(1, asked);

        _hearing.Since = null;
        await _bench.AnswerAsync(_core.Read());
        Assert.Equal(2, asked);
    }

    /// <summary>
    /// Nobody waits with a write for a replica that does not hear: what it asked before a read came may tell of the time before a write that has succeeded since. Those who have waited for such an answer share the next question.
    /// </summary>
    [Theory]
    [InlineData("hears", 404, 1)]
    [InlineData("deaf", 200, 2)]
    [InlineData("hears again", 200, 2)]
    [InlineData("immutable", 404, 1)]
    public async Task Who_comes_after_a_question_was_asked_is_not_told_its_answer_where_a_write_may_have_been_missed(string how, int expected, int questions)
    {
        const int Late = 5;
        _core.Rule = how == "immutable" ? new CacheRule { Mode = CacheMode.Immutable } : _core.Rule;
        _hearing.Since = how == "hears" ? 0 : null;
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _core.Origin.BeforeHeaders = number => number == 1 ? written.Task : gathered.Task;
        _core.Origin.Instead = static (number, _) => number == 1 ? ScriptedOrigin.Plain(404, "<Error/>") : null;
        Task<(int Status, string, byte[])> first = _bench.AnswerAsync(_core.Read());
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 1, "the question is asked");
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        _hearing.Since = how == "hears again" ? _core.Time.GetTimestamp() : _hearing.Since;
        Task<(int Status, string, byte[] Body)>[] late = [.. Enumerable.Range(0, Late).Select(_ => _bench.AnswerAsync(_core.Read()))];
        await FetchBench.UntilAsync(() => Participants() == 1 + Late, "all wait");
        written.SetResult();
        await FetchBench.UntilAsync(() => questions == 1 || Participants() == Late, "all wait for the next question");
        gathered.SetResult();

        Assert.Equal(404, (await first).Status);
        foreach ((int status, _, byte[] body) in await Task.WhenAll(late))
        {
            Assert.Equal(expected, status);
            Assert.True(status == 404 || body.AsSpan().SequenceEqual(_core.Origin.Content));
        }

        Assert.Equal(questions, _core.Origin.Reads.Count);
    }

    private int Participants()
    {
        if (!_core.Tables.Objects.TryJoin(new ObjectFlightKey(_core.Read().Target.Id, HeadersOnly: false), out CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard))
        {
            return 0;
        }

        using (guard)
        {
            return guard.Flight.Participants - 1;
        }
    }

    /// <summary>Hears since a moment, or not at all.</summary>
    private sealed class FakeHearing : IFleetHearing
    {
        public long? Since { get; set; } = 0;

        public long ScopeGeneration => 0;

        public bool MayTrust(long committedAt) => committedAt >= Since;

        public bool IsLive(string replica) => true;

        public bool IsPurgedSince(ObjectId id, long generation) => false;

        public void OnMemberLost(Action<string> handler)
        {
        }

        public void OnHeardAgain(Action handler)
        {
        }
    }
}
