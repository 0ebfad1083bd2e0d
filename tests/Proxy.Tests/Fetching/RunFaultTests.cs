using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Responding;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirements F2 to F7, F11, F13, B4, C4 to C7 when the origin breaks off, contradicts itself, or changes the object.</summary>
public sealed class RunFaultTests : IDisposable
{
    private const int Slice = FetchBench.SliceBytes;
    private readonly FetchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_broken_transfer_is_resumed_at_the_byte_reached_for_the_same_version()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(4 * Slice);
        _bench.Origin.BreakAfter = number => number == 1 ? Slice + 777 : null;

        Task<byte[]> reader = _bench.ReadAsync(_bench.Read());

        Assert.Equal(content, await reader);
        Assert.Equal(2, _bench.Origin.Reads.Count);
        Assert.Equal($"bytes={Slice + 777}-{content.Length - 1}", _bench.Origin.Reads[1].Range);
        Assert.Equal("\"v1\"", _bench.Origin.Reads[1].IfMatch);
        Assert.Equal(1, _bench.Origin.Broken);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_transfer_that_breaks_again_and_again_fails_everyone_and_publishes_no_part()
    {
        // ASP.NET output cache #52310: a truncated body was cached.
        _bench.Origin.Content = FetchBench.Bytes(2 * Slice);
        _bench.Origin.BreakAfter = number => number == 1 ? Slice + 10 : 0;
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 5).Select(_ => _bench.ReadAsync(_bench.Read()))];

        foreach (Task<byte[]> reader in readers)
        {
            FetchException error = await Assert.ThrowsAsync<FetchException>(() => reader);
            Assert.Equal(FetchFailure.Broken, error.Failure);
        }

        Assert.Equal(1, _bench.Memory.SliceCount);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task An_origin_that_comes_back_in_time_costs_its_readers_a_pause()
    {
        using FetchBench bench = new(options: new FetchOptions { NearlyDoneBytes = Slice });
        byte[] content = bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        bench.Origin.BreakAfter = number => number == 1 ? Slice + 5 : null;
        bool isDown = true;
        bench.Origin.Instead = (number, _) => number > 1 && isDown ? throw new FetchException(FetchFailure.Unreachable, "down") : null;
        Task<byte[]> reader = bench.ReadAsync(bench.Read());

        for (int second = 0; second < 20; second++)
        {
            await bench.Time.WaitForTimersAsync(1);
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(reader.IsCompleted);
        isDown = false;
        while (!reader.IsCompleted)
        {
            bench.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal(content, await reader);
        await bench.SettleAsync();
    }

    [Fact]
    public async Task An_origin_that_stays_away_ends_its_readers_after_the_time_without_progress()
    {
        using FetchBench bench = new(options: new FetchOptions { NearlyDoneBytes = Slice });
        bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        bench.Origin.BreakAfter = number => number == 1 ? Slice + 5 : null;
        bench.Origin.Instead = (number, _) => number > 1 ? throw new FetchException(FetchFailure.Unreachable, "down") : null;
        Task<byte[]> reader = bench.ReadAsync(bench.Read());

        // Before that the timer of a read that goes well would be taken for the first pause.
        await FetchBench.UntilAsync(() => bench.Origin.Broken == 1, "the transfer broke");
        int seconds = 0;
        for (; seconds < 40 && !reader.IsCompleted; seconds++)
        {
            await Task.WhenAny(reader, bench.Time.WaitForTimersAsync(1));
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(FetchFailure.Unreachable, (await Assert.ThrowsAsync<FetchException>(() => reader)).Failure);
        Assert.InRange(seconds, 29, 34);
        await bench.SettleAsync();
    }

    [Fact]
    public async Task An_overwrite_between_two_runs_never_mixes_bytes()
    {
        // tag #92, #97: torn bodies under overwrite.
        byte[] first = _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 1);
        Assert.Equal(first[..10], await _bench.ReadAsync(_bench.Read("bytes=0-9")));
        byte[] second = _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 2);
        _bench.Origin.ETag = "\"v2\"";

        FetchException changed = await Assert.ThrowsAsync<FetchException>(() => _bench.ReadAsync(_bench.Read()));
        Assert.Equal(FetchFailure.Changed, changed.Failure);

        Assert.Equal(second, await _bench.ReadAsync(_bench.Read()));
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task An_overwrite_while_a_transfer_is_resumed_fails_instead_of_stitching()
    {
        _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 1);
        _bench.Origin.BreakAfter = number => number == 1 ? Slice + 10 : null;
        _bench.Origin.BeforeHeaders = number =>
        {
            if (number == 2)
            {
                _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 2);
                _bench.Origin.ETag = "\"v2\"";
            }

            return Task.CompletedTask;
        };

        Task<byte[]> reader = _bench.ReadAsync(_bench.Read());

        FetchException changed = await Assert.ThrowsAsync<FetchException>(() => reader);
        Assert.Equal(FetchFailure.Changed, changed.Failure);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Expired_metadata_is_revalidated_with_one_conditional_request()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(2 * Slice);
        await _bench.ReadAsync(_bench.Read());
        _bench.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));

        Assert.Equal(2, _bench.Origin.Reads.Count);
        Assert.Equal("\"v1\"", _bench.Origin.Reads[1].IfNoneMatch);
        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));
        Assert.Equal(2, _bench.Origin.Reads.Count);
    }

    [Fact]
    public async Task A_revalidation_that_finds_a_new_version_brings_its_bytes_in_the_same_request()
    {
        _bench.Origin.Content = FetchBench.Bytes(2 * Slice, seed: 1);
        await _bench.ReadAsync(_bench.Read());
        byte[] second = _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 2);
        _bench.Origin.ETag = "\"v2\"";
        _bench.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(second, await _bench.ReadAsync(_bench.Read()));
        Assert.Equal(2, _bench.Origin.Reads.Count);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_fetch_that_raced_a_write_serves_its_readers_and_is_not_kept()
    {
        byte[] old = _bench.Origin.Content = FetchBench.Bytes(1000, seed: 1);
        TaskCompletionSource gate = new();
        _bench.Origin.BeforeByte = _ => gate.Task;
        Task<byte[]> racing = _bench.ReadAsync(_bench.Read());
        while (_bench.Origin.Reads.Count == 0)
        {
            await Task.Yield();
        }

        using (WriteIntentOf("key"))
        {
            gate.SetResult();
            Assert.Equal(old, await racing);
        }

        byte[] fresh = _bench.Origin.Content = FetchBench.Bytes(1000, seed: 2);
        _bench.Origin.ETag = "\"v2\"";
        Assert.Equal(fresh, await _bench.ReadAsync(_bench.Read()));
        await _bench.SettleAsync();
    }

    [Theory]
    [InlineData("ETag", "W/\"weak\"", nameof(NotShareableReason.NoStrongETag))]
    [InlineData("ETag", "", nameof(NotShareableReason.NoStrongETag))]
    [InlineData("Vary", "Accept-Language", nameof(NotShareableReason.Vary))]
    [InlineData("Set-Cookie", "a=b", nameof(NotShareableReason.SetCookie))]
    public async Task Answers_that_may_not_be_shared_are_told_as_such(string name, string value, string reason)
    {
        _bench.Origin.Instead = (_, _) => ScriptedOrigin.Plain(200, "abc", name == "ETag" ? (name, value) : ("ETag", "\"x\""), (name, value));

        using ObtainedMetadata obtained = await _bench.Finder.FindAsync(_bench.Read(), CancellationToken.None);

        Assert.Equal(reason, Assert.IsType<ObjectAnswer.NotShareable>(obtained.Other).Reason.ToString());
        Assert.Equal(0, _bench.Memory.ObjectCount);
    }

    [Theory]
    [InlineData("bytes 0-2/9", 4)]
    [InlineData("bytes 5-2/9", 3)]
    [InlineData("bytes 0-9/9", 10)]
    [InlineData("bytes 0-2/*", 3)]
    [InlineData("nonsense", 3)]
    public async Task A_partial_answer_that_contradicts_itself_is_not_used(string contentRange, int length)
    {
        // alluxio #18753, minio #14204: a corrupt range was served silently.
        _bench.Origin.Instead = (_, _) => ScriptedOrigin.Plain(206, new string('x', length), ("ETag", "\"x\""), ("Content-Range", contentRange));

        FetchException error = await Assert.ThrowsAsync<FetchException>(() => _bench.ReadAsync(_bench.Read("bytes=0-2")));

        Assert.Equal(FetchFailure.InvalidAnswer, error.Failure);
        Assert.Equal(0, _bench.Memory.SliceCount);
    }

    [Fact]
    public async Task An_unreachable_origin_is_one_failure_for_everyone()
    {
        TaskCompletionSource gate = new();
        _bench.Origin.BeforeHeaders = _ => gate.Task;
        _bench.Origin.Instead = (_, _) => throw new FetchException(FetchFailure.TimedOut, "held");
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 20).Select(_ => _bench.ReadAsync(_bench.Read()))];
        gate.SetResult();

        foreach (Task<byte[]> reader in readers)
        {
            Assert.Equal(FetchFailure.TimedOut, (await Assert.ThrowsAsync<FetchException>(() => reader)).Failure);
        }

        Assert.Single(_bench.Origin.Reads);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_missing_object_is_remembered_for_the_negative_time_and_dropped_by_a_write()
    {
        _bench.Rule = _bench.Rule with { NegativeTtl = TimeSpan.FromSeconds(1) };
        _bench.Origin.Instead = (_, _) => ScriptedOrigin.Plain(404, "<Error/>");

        Assert.Equal(404, await StatusAsync());
        Assert.Equal(404, await StatusAsync());
        Assert.Single(_bench.Origin.Reads);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(404, await StatusAsync());
        Assert.Equal(2, _bench.Origin.Reads.Count);

        WriteIntentOf("key").Answered();
        Assert.Equal(404, await StatusAsync());
        Assert.Equal(3, _bench.Origin.Reads.Count);
        Assert.Equal(0, _bench.Tables.InFlightCount);
    }

    [Fact]
    public async Task A_range_beyond_the_end_tells_the_size_and_an_empty_object_is_known_as_empty()
    {
        _bench.Origin.Content = FetchBench.Bytes(100);
        using (ObtainedMetadata beyond = await _bench.Finder.FindAsync(_bench.Read($"bytes={3 * Slice}-"), CancellationToken.None))
        {
            Assert.Equal(100, beyond.Metadata!.SizeBytes);
        }

        using FetchBench empty = new();
        using ObtainedMetadata nothing = await empty.Finder.FindAsync(empty.Read("bytes=0-9"), CancellationToken.None);
        Assert.Equal(0, nothing.Metadata!.SizeBytes);
    }

    private S3Proxy.Invalidation.WriteIntent WriteIntentOf(string key) => _bench.Writes.Begin([new ObjectId("main", "bucket", key)]);

    private async Task<int> StatusAsync()
    {
        using ObtainedMetadata obtained = await _bench.Finder.FindAsync(_bench.Read(), CancellationToken.None);
        return obtained.Other is ObjectAnswer.Refused refused ? refused.Status : 200;
    }
}
