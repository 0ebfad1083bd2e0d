using S3Proxy.Configuration;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>
/// Two requests to the origin about one object, for its headers and for its bytes, that overlap while somebody changes it past the proxy: the order of their answers
/// is not known, and nobody who has been told of the one may be told of the other afterwards.
/// </summary>
public sealed class OverlappingAnswersTests : IDisposable
{
    private static readonly byte[] Old = FetchBench.Bytes(10);
    private static readonly byte[] New = FetchBench.Bytes(10, seed: 2);

    private readonly ResponderBench _bench = new();
    private readonly FetchBench _core;

    public OverlappingAnswersTests()
    {
        _core = _bench.Core;
        _core.Origin.Content = Old;
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>A HEAD that waited long for its turn is the earlier one by the time it was begun, and tells what is later.</summary>
    [Fact]
    public async Task A_late_answer_to_an_early_request_ends_what_was_learnt_meanwhile()
    {
        TaskCompletionSource held = HoldFirst();
        Task<(int Status, string Outcome, byte[] Body)> head = _bench.AnswerAsync(_core.Read(head: true));
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 1, "the headers are asked for");
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Old, (await _bench.AnswerAsync(_core.Read())).Body);
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Overwrite();
        held.SetResult();
        Assert.Equal("MISS", (await head).Outcome);
        await _core.SettleAsync();

        Assert.Equal(New, (await _bench.AnswerAsync(_core.Read())).Body);
        await _core.SettleAsync();
    }

    /// <summary>The other way round: the GET was begun later, and brings what is earlier.</summary>
    [Fact]
    public async Task An_answer_that_was_under_way_meanwhile_is_told_to_nobody()
    {
        TaskCompletionSource held = new();
        TaskCompletionSource heldBytes = new();
        _core.Origin.BeforeHeaders = number => number == 1 ? held.Task : number == 2 ? heldBytes.Task : Task.CompletedTask;
        _core.Origin.Instead = (number, _) => number == 2 ? ScriptedOrigin.Plain(200, "old", ("ETag", "\"v1\"")) : null;
        Task<(int Status, string Outcome, byte[] Body)> head = _bench.AnswerAsync(_core.Read(head: true));
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 1, "the headers are asked for");
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Task<(int Status, string Outcome, byte[] Body)> bytes = _bench.AnswerAsync(_core.Read());
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 2, "the bytes are asked for");
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Overwrite();
        held.SetResult();
        await head;
        heldBytes.SetResult();
        Assert.Equal(New, (await bytes).Body);
        await _core.SettleAsync();
    }

    /// <summary>docs/decisions/0006: while each read asks, no client sees the new version and then the old one.</summary>
    [Fact]
    public async Task Who_comes_after_the_headers_were_told_does_not_join_a_request_for_the_bytes_that_was_made_before()
    {
        _core.Rule = new CacheRule { Mode = CacheMode.Revalidate };
        TaskCompletionSource held = new();
        TaskCompletionSource heldBytes = new();
        _core.Origin.BeforeHeaders = number => number == 1 ? held.Task : number == 2 ? heldBytes.Task : Task.CompletedTask;
        _core.Origin.Instead = (number, _) => number == 2 ? ScriptedOrigin.Plain(200, "old", ("ETag", "\"v1\"")) : null;
        Task<(int Status, string Outcome, byte[] Body)> head = _bench.AnswerAsync(_core.Read(head: true));
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 1, "the headers are asked for");
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Task<(int Status, string Outcome, byte[] Body)> early = _bench.AnswerAsync(_core.Read());
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 2, "the bytes are asked for");
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Overwrite();
        held.SetResult();
        await head;

        Task<(int Status, string Outcome, byte[] Body)> late = _bench.AnswerAsync(_core.Read());
        heldBytes.SetResult();
        Assert.Equal(New, (await late).Body);
        await early;
        await _core.SettleAsync();
    }

    [Fact]
    public async Task A_404_to_an_early_request_is_asked_about_again_when_the_object_was_found_meanwhile()
    {
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, NegativeTtl = TimeSpan.FromMinutes(1) };
        TaskCompletionSource held = HoldFirst();
        _core.Origin.Instead = static (number, _) => number == 1 ? ScriptedOrigin.Plain(404) : null;
        Task<(int Status, string Outcome, byte[] Body)> head = _bench.AnswerAsync(_core.Read(head: true));
        await FetchBench.UntilAsync(() => _core.Origin.Reads.Count == 1, "the headers are asked for");
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        await _bench.AnswerAsync(_core.Read());
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        held.SetResult();

        Assert.Equal(200, (await head).Status);
        Assert.Equal(3, _core.Origin.Reads.Count);
    }

    /// <summary>An origin that answers HEAD otherwise than GET must not keep its readers asking.</summary>
    [Fact]
    public async Task An_answer_that_is_contradicted_again_and_again_is_told_in_the_end()
    {
        int changes = 0;
        _core.Origin.Instead = (_, read) =>
            read.Method == HttpMethod.Head ? ScriptedOrigin.Plain(200, "", ("ETag", "\"of head\"")) : null;
        _core.Origin.BeforeHeaders = number =>
        {
            if (_core.Origin.Reads[number - 1].Method == HttpMethod.Head)
            {
                // Meanwhile somebody else has learnt something else.
                _core.Time.Advance(TimeSpan.FromSeconds(1));
                changes++;
                _core.Epochs.TryCommit(TestObjects.Metadata("key", changes, askedAt: _core.Time.GetTimestamp()), _core.Epochs.Current(TestObjects.Id("key")));
            }

            return Task.CompletedTask;
        };

        Assert.Equal(200, (await _bench.AnswerAsync(_core.Read(head: true))).Status);
        Assert.Equal(3, changes);
    }

    /// <summary>A 404 that a HEAD was told must not be told again once a GET has found the object.</summary>
    [Fact]
    public async Task A_remembered_404_ends_when_the_object_is_found()
    {
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromSeconds(1), NegativeTtl = TimeSpan.FromMinutes(1) };
        _core.Origin.Instead = static (number, _) => number == 1 ? ScriptedOrigin.Plain(404) : null;
        Assert.Equal(404, (await _bench.AnswerAsync(_core.Read(head: true))).Status);
        Assert.Equal(200, (await _bench.AnswerAsync(_core.Read())).Status);
        await _core.SettleAsync();
        _core.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(200, (await _bench.AnswerAsync(_core.Read(head: true))).Status);
    }

    private TaskCompletionSource HoldFirst()
    {
        TaskCompletionSource held = new();
        _core.Origin.BeforeHeaders = number => number == 1 ? held.Task : Task.CompletedTask;
        return held;
    }

    private void Overwrite()
    {
        _core.Origin.Content = New;
        _core.Origin.ETag = "\"v2\"";
    }
}
