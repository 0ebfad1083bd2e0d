using S3Proxy.Caching;
using S3Proxy.Configuration;
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
