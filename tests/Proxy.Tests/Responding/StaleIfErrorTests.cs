using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>Requirement C5: what is cached stands in for an origin that fails, within limits, and never for what was invalidated.</summary>
public sealed class StaleIfErrorTests : IDisposable
{
    private static readonly ObjectId Id = new("main", "bucket", "key");

    private readonly ResponderBench _bench = new();
    private readonly FetchBench _core;

    public StaleIfErrorTests()
    {
        _core = _bench.Core;
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromSeconds(60), StaleIfError = TimeSpan.FromSeconds(600) };
        _core.Origin.Content = FetchBench.Bytes(3 * FetchBench.SliceBytes);
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_error_of_the_origin_is_not_told(int status)
    {
        await GrowStaleAsync();
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(status, "<Error/>");

        (int told, string outcome, byte[] body) = await _bench.AnswerAsync(_core.Read());
        Assert.Equal((200, "STALE"), (told, outcome));
        Assert.Equal(_core.Origin.Content, body);
    }

    [Theory]
    [InlineData(FetchFailure.Unreachable, "STALE")]
    [InlineData(FetchFailure.TimedOut, "STALE")]
    [InlineData(FetchFailure.InvalidAnswer, "")]
    [InlineData(FetchFailure.NoCredentials, "")]
    internal async Task Only_an_absent_origin_is_stood_in_for(FetchFailure failure, string outcome)
    {
        await GrowStaleAsync();
        _core.Origin.Instead = (_, _) => throw new FetchException(failure, "no");

        Assert.Equal(outcome, await _bench.OutcomeAsync());
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_refusal_is_told(int status)
    {
        await GrowStaleAsync();
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(status, "<Error/>");

        Assert.Equal(status, (await _bench.AnswerAsync(_core.Read())).Status);
    }

    [Fact]
    public async Task After_a_404_was_told_a_failing_origin_does_not_bring_the_object_back()
    {
        await GrowStaleAsync();
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(404, "<Error/>");
        await _bench.AnswerAsync(_core.Read());
        _core.Time.Advance(TimeSpan.FromSeconds(2));
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");

        Assert.Equal(503, (await _bench.AnswerAsync(_core.Read())).Status);
    }

    [Fact]
    public async Task Behind_the_limit_the_failure_shows()
    {
        await GrowStaleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(600));
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");

        Assert.Equal(503, (await _bench.AnswerAsync(_core.Read())).Status);
    }

    [Fact]
    public async Task A_response_whose_bytes_are_not_all_here_is_not_begun()
    {
        await _bench.AnswerAsync(_core.Read("bytes=0-9"));
        await _core.SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(61));
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");

        Assert.Equal(503, (await _bench.AnswerAsync(_core.Read())).Status);
        Assert.Equal((206, "STALE"), Summary(await _bench.AnswerAsync(_core.Read("bytes=5-7"))));
        Assert.Equal((200, "STALE"), Summary(await _bench.AnswerAsync(_core.Read(head: true))));
    }

    [Fact]
    public async Task After_a_write_of_unknown_outcome_nothing_stands_in()
    {
        await GrowStaleAsync();
        _core.Writes.Begin([Id]).Dispose();
        Assert.Equal("MISS", await _bench.OutcomeAsync());
        await _core.SettleAsync();
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");

        Assert.Equal(503, (await _bench.AnswerAsync(_core.Read())).Status);
    }

    [Fact]
    public async Task What_is_invalidated_while_the_origin_is_asked_does_not_stand_in()
    {
        await GrowStaleAsync();
        TaskCompletionSource held = new();
        TaskCompletionSource asked = new();
        _core.Origin.BeforeHeaders = _ =>
        {
            asked.TrySetResult();
            return held.Task;
        };
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");
        Task<(int Status, string Outcome, byte[] Body)> read = _bench.AnswerAsync(_core.Read());
        await asked.Task;

        _core.Writes.Begin([Id]).Answered();
        held.SetResult();
        Assert.Equal(503, (await read).Status);
    }

    [Fact]
    public async Task Readers_of_one_failed_flight_judge_each_by_its_own_rule()
    {
        await GrowStaleAsync();
        TaskCompletionSource held = new();
        _core.Origin.BeforeHeaders = _ => held.Task;
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(503, "<Error/>");
        Task<(int Status, string Outcome, byte[] Body)> kind = _bench.AnswerAsync(_core.Read());
        _core.Rule = _core.Rule with { StaleIfError = TimeSpan.Zero };
        Task<(int Status, string Outcome, byte[] Body)> strict = _bench.AnswerAsync(_core.Read());
        held.SetResult();

        Assert.Equal((200, "STALE"), Summary(await kind));
        Assert.Equal(503, (await strict).Status);
        Assert.Equal(2, _core.Origin.Reads.Count);
    }

    private static (int Status, string Outcome) Summary((int Status, string Outcome, byte[] Body) answer) => (answer.Status, answer.Outcome);

    private async Task GrowStaleAsync()
    {
        Assert.Equal("MISS", await _bench.OutcomeAsync());
        await _core.SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(61));
    }
}
