using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>Requirements C5, F11: a 404 is remembered as long as the reader's rule says, within a bound of memory, and no longer than a write.</summary>
public sealed class NegativeAnswerTests : IDisposable
{
    private static readonly ObjectId Id = new("main", "bucket", "key");

    private readonly ResponderBench _bench = new();
    private readonly FetchBench _core;

    public NegativeAnswerTests()
    {
        _core = _bench.Core;
        _core.Rule = new CacheRule { Mode = CacheMode.Ttl, NegativeTtl = TimeSpan.FromSeconds(5) };
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(404, "<Error/>");
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task It_is_told_to_all_until_its_time_is_over()
    {
        Assert.Equal(404, await StatusAsync());
        _core.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(404, await StatusAsync());
        Assert.Single(_core.Origin.Reads);
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(404, await StatusAsync());
        Assert.Equal(2, _core.Origin.Reads.Count);
    }

    [Fact]
    public async Task Mode_revalidate_asks_each_time_whoever_was_told_before()
    {
        await StatusAsync();
        _core.Rule = new CacheRule { Mode = CacheMode.Revalidate, NegativeTtl = TimeSpan.FromSeconds(5) };
        await StatusAsync();
        await StatusAsync();
        Assert.Equal(3, _core.Origin.Reads.Count);
    }

    [Fact]
    public async Task A_write_clears_it()
    {
        await StatusAsync();
        _core.Writes.Begin([Id]).Answered();
        _core.Origin.Instead = static (_, _) => null;
        _core.Origin.Content = FetchBench.Bytes(10);

        Assert.Equal(200, await StatusAsync());
        await _core.SettleAsync();
    }

    [Fact]
    public async Task While_a_write_may_yet_be_committed_it_is_not_remembered()
    {
        _core.Writes.Begin([Id]).Dispose();
        await StatusAsync();
        await StatusAsync();
        Assert.Equal(2, _core.Origin.Reads.Count);
    }

    [Fact]
    public async Task A_long_document_is_not_kept()
    {
        _core.Origin.Instead = (_, _) => ScriptedOrigin.Plain(404, new string('x', _core.Services.Options.MaxLingeringErrorBytes + 1));
        await StatusAsync();
        await StatusAsync();
        Assert.Equal(2, _core.Origin.Reads.Count);
        Assert.Equal(0, _core.Tables.Objects.LingeringCount);
    }

    /// <summary>A fetch that was asked before somebody was told of the 404 must not bring the object back.</summary>
    [Fact]
    public async Task What_was_asked_before_is_not_admitted_after()
    {
        TaskCompletionSource held = new();
        TaskCompletionSource asked = new();
        _core.Origin.Content = FetchBench.Bytes(10);
        _core.Origin.Instead = (number, _) => number == 1 ? null : ScriptedOrigin.Plain(404, "<Error/>");
        _core.Origin.BeforeHeaders = number =>
        {
            asked.TrySetResult();
            return number == 1 ? held.Task : Task.CompletedTask;
        };
        _core.Rule = _core.Rule with { NegativeTtl = TimeSpan.Zero };
        Task<(int Status, string Outcome, byte[] Body)> early = _bench.AnswerAsync(_core.Read());
        await asked.Task;
        _core.Tables.Detach(Id);
        Assert.Equal(404, (await _bench.AnswerAsync(_core.Read(head: true))).Status);

        held.SetResult();
        Assert.Equal(200, (await early).Status);
        await _core.SettleAsync();
        Assert.Equal(404, await StatusAsync());
    }

    private async Task<int> StatusAsync() => (await _bench.AnswerAsync(_core.Read())).Status;
}
