using System.IO.Pipelines;
using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Responding;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirements F2 to F7, F11, F13, B4, C4 to C7 on the caching core, with gates in the place of time.</summary>
public sealed class RunTests : IDisposable
{
    private const int Slice = FetchBench.SliceBytes;
    private readonly FetchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task One_thousand_readers_of_a_cold_object_cost_one_request_and_get_the_same_bytes()
    {
        // yatagarasu: each of five waiters still fetched.
        byte[] content = _bench.Origin.Content = FetchBench.Bytes((8 * Slice) + 123);
        TaskCompletionSource gate = new();
        _bench.Origin.BeforeHeaders = _ => gate.Task;

        Task<byte[]>[] readers = [.. Enumerable.Range(0, 1000).Select(_ => ReadAsync(_bench.Read()))];
        gate.SetResult();

        foreach (Task<byte[]> reader in readers)
        {
            byte[] got = await reader;
            Assert.True(content.AsSpan().SequenceEqual(got));
        }

        Assert.Single(_bench.Origin.Reads);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_late_reader_gets_byte_0_from_memory_while_the_run_is_held()
    {
        // yatagarasu: late joiners lost headers and first bytes.
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        TaskCompletionSource gate = new();
        TaskCompletionSource reached = new();
        _bench.Origin.BeforeByte = offset =>
        {
            if (offset < 2 * Slice)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return gate.Task;
        };
        Task<byte[]> early = ReadAsync(_bench.Read());
        await reached.Task;

        byte[] late = await ReadAsync(_bench.Read("bytes=0-99"));
        Assert.Equal(content[..100], late);
        Task<byte[]> lateWhole = ReadAsync(_bench.Read());
        gate.SetResult();

        Assert.Equal(content, await early);
        Assert.Equal(content, await lateWhole);
        Assert.Single(_bench.Origin.Reads);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task The_leader_may_leave_mid_body()
    {
        // Syntra, Pingora #931: a cancelled leader stranded its followers. tag #63: a client's cancel killed the fill.
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(4 * Slice);
        TaskCompletionSource gate = new();
        TaskCompletionSource reached = new();
        _bench.Origin.BeforeByte = offset =>
        {
            if (offset < Slice + 1000)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return gate.Task;
        };
        using CancellationTokenSource leaderClient = new();
        Task<byte[]> leader = ReadAsync(_bench.Read(), leaderClient.Token);
        await reached.Task;
        Task<byte[]>[] followers = [.. Enumerable.Range(0, 10).Select(_ => ReadAsync(_bench.Read()))];

        await leaderClient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        gate.SetResult();

        foreach (Task<byte[]> follower in followers)
        {
            Assert.Equal(content, await follower);
        }

        Assert.Single(_bench.Origin.Reads);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task When_nobody_is_left_the_transfer_is_closed_and_every_buffer_is_back()
    {
        _bench.Origin.Content = FetchBench.Bytes(50 * Slice);
        TaskCompletionSource reached = new();
        _bench.Origin.BeforeByte = offset =>
        {
            if (offset < Slice)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        using CancellationTokenSource client = new();
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 5).Select(_ => ReadAsync(_bench.Read(), client.Token))];
        await reached.Task;

        await client.CancelAsync();

        foreach (Task<byte[]> reader in readers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
        }

        await _bench.SettleAsync();
        Assert.Equal(0, _bench.Memory.ReservedBytes);
    }

    [Fact]
    public async Task A_range_fetches_its_slice_and_no_more()
    {
        // tag #137, nginx-s3-gateway #188: 100 bytes wanted, 10 GB fetched.
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(100 * Slice);

        byte[] middle = await ReadAsync(_bench.Read($"bytes={(40 * Slice) + 5}-{(40 * Slice) + 104}"));

        Assert.Equal(content.AsSpan((40 * Slice) + 5, 100).ToArray(), middle);
        OriginRead read = Assert.Single(_bench.Origin.Reads);
        Assert.Equal($"bytes={40 * Slice}-{(41 * Slice) - 1}", read.Range);
        await _bench.SettleAsync();
    }

    [Theory]
    [InlineData("bytes=-100")]
    [InlineData("bytes=-70000")]
    [InlineData("bytes=-400000")]
    [InlineData("bytes=-99999999")]
    [InlineData("bytes=0-")]
    [InlineData("bytes=65536-")]
    [InlineData("bytes=65535-65536")]
    [InlineData("bytes=100-99999999")]
    [InlineData("bytes=0-0")]
    public async Task Cold_and_hot_ranges_are_the_same_bytes(string range)
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes((5 * Slice) + 7);
        ByteRangeResolution resolved = ByteRangeSpec.Parse(range)!.Value.Resolve(content.Length);
        byte[] expected = content[(int)resolved.FirstByte..((int)resolved.LastByte + 1)];

        Assert.Equal(expected, await ReadAsync(_bench.Read(range)));
        int cold = _bench.Origin.Reads.Count;
        Assert.Equal(expected, await ReadAsync(_bench.Read(range)));
        Assert.Equal(content, await ReadAsync(_bench.Read()));

        Assert.Equal(1, cold);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Ranges_and_full_reads_share_slices()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(6 * Slice);
        await ReadAsync(_bench.Read("bytes=0-99"));

        Assert.Equal(content, await ReadAsync(_bench.Read()));

        IReadOnlyList<OriginRead> reads = _bench.Origin.Reads;
        Assert.Equal(2, reads.Count);
        Assert.Equal($"bytes={Slice}-{content.Length - 1}", reads[1].Range);
        Assert.Equal("\"v1\"", reads[1].IfMatch);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_broken_transfer_is_resumed_at_the_byte_reached_for_the_same_version()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(4 * Slice);
        _bench.Origin.BreakAfter = number => number == 1 ? Slice + 777 : null;

        Task<byte[]> reader = ReadAsync(_bench.Read());

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
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 5).Select(_ => ReadAsync(_bench.Read()))];

        foreach (Task<byte[]> reader in readers)
        {
            FetchException error = await Assert.ThrowsAsync<FetchException>(() => reader);
            Assert.Equal(FetchFailure.Broken, error.Failure);
        }

        Assert.Equal(1, _bench.Memory.SliceCount);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task An_overwrite_between_two_runs_never_mixes_bytes()
    {
        // tag #92, #97: torn bodies under overwrite.
        byte[] first = _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 1);
        Assert.Equal(first[..10], await ReadAsync(_bench.Read("bytes=0-9")));
        byte[] second = _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 2);
        _bench.Origin.ETag = "\"v2\"";

        FetchException changed = await Assert.ThrowsAsync<FetchException>(() => ReadAsync(_bench.Read()));
        Assert.Equal(FetchFailure.Changed, changed.Failure);

        Assert.Equal(second, await ReadAsync(_bench.Read()));
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

        Task<byte[]> reader = ReadAsync(_bench.Read());

        FetchException changed = await Assert.ThrowsAsync<FetchException>(() => reader);
        Assert.Equal(FetchFailure.Changed, changed.Failure);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_run_stays_within_its_window_of_its_fastest_reader()
    {
        _bench.Origin.Content = FetchBench.Bytes(100 * Slice);
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1000, resumeWriterThreshold: 500));
        long furthest = 0;
        _bench.Origin.BeforeByte = offset =>
        {
            furthest = Math.Max(furthest, offset);
            return Task.CompletedTask;
        };
        using CancellationTokenSource client = new();
        Task<long> slow = CopyAsync(_bench.Read(), pipe.Writer, client.Token);
        ReadResult some = await pipe.Reader.ReadAtLeastAsync(1000);
        pipe.Reader.AdvanceTo(some.Buffer.Start);
        for (int i = 0; i < 20_000; i++)
        {
            await Task.Yield();
        }

        Assert.InRange(furthest, 1, (_bench.Services.Options.ReadAheadSlices + 1) * Slice);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_slow_reader_pins_no_memory_and_reads_again_by_version_what_was_evicted()
    {
        using FetchBench bench = new(memoryBytes: 16 * Slice);
        byte[] content = bench.Origin.Content = FetchBench.Bytes(40 * Slice);
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1000, resumeWriterThreshold: 500));
        Task<long> slow = CopyAsync(bench, bench.Read(), pipe.Writer, default);
        ReadResult some = await pipe.Reader.ReadAtLeastAsync(1000);
        pipe.Reader.AdvanceTo(some.Buffer.Start);

        Assert.Equal(content, await ReadAsync(bench, bench.Read()));
        Task<byte[]> drained = DrainAsync(pipe.Reader);
        await slow;
        await pipe.Writer.CompleteAsync();

        Assert.Equal(content, await drained);
        Assert.All(bench.Origin.Reads.Skip(1), read => Assert.Equal("\"v1\"", read.IfMatch));
        await bench.SettleAsync();
    }

    [Fact]
    public async Task Expired_metadata_is_revalidated_with_one_conditional_request()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(2 * Slice);
        await ReadAsync(_bench.Read());
        _bench.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(content, await ReadAsync(_bench.Read()));

        Assert.Equal(2, _bench.Origin.Reads.Count);
        Assert.Equal("\"v1\"", _bench.Origin.Reads[1].IfNoneMatch);
        Assert.Equal(content, await ReadAsync(_bench.Read()));
        Assert.Equal(2, _bench.Origin.Reads.Count);
    }

    [Fact]
    public async Task A_revalidation_that_finds_a_new_version_brings_its_bytes_in_the_same_request()
    {
        _bench.Origin.Content = FetchBench.Bytes(2 * Slice, seed: 1);
        await ReadAsync(_bench.Read());
        byte[] second = _bench.Origin.Content = FetchBench.Bytes(3 * Slice, seed: 2);
        _bench.Origin.ETag = "\"v2\"";
        _bench.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(second, await ReadAsync(_bench.Read()));
        Assert.Equal(2, _bench.Origin.Reads.Count);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_fetch_that_raced_a_write_serves_its_readers_and_is_not_kept()
    {
        byte[] old = _bench.Origin.Content = FetchBench.Bytes(1000, seed: 1);
        TaskCompletionSource gate = new();
        _bench.Origin.BeforeByte = _ => gate.Task;
        Task<byte[]> racing = ReadAsync(_bench.Read());
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
        Assert.Equal(fresh, await ReadAsync(_bench.Read()));
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

        FetchException error = await Assert.ThrowsAsync<FetchException>(() => ReadAsync(_bench.Read("bytes=0-2")));

        Assert.Equal(FetchFailure.InvalidAnswer, error.Failure);
        Assert.Equal(0, _bench.Memory.SliceCount);
    }

    [Fact]
    public async Task An_unreachable_origin_is_one_failure_for_everyone()
    {
        TaskCompletionSource gate = new();
        _bench.Origin.BeforeHeaders = _ => gate.Task;
        _bench.Origin.Instead = (_, _) => throw new FetchException(FetchFailure.TimedOut, "held");
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 20).Select(_ => ReadAsync(_bench.Read()))];
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

    [Fact]
    public async Task Runs_that_together_want_more_than_the_budget_all_end()
    {
        using FetchBench bench = new(memoryBytes: 16 * Slice);
        byte[] content = bench.Origin.Content = FetchBench.Bytes(30 * Slice);
        await ReadAsync(bench, bench.Read("bytes=0-0"));

        Task<byte[]>[] readers = [.. Enumerable.Range(0, 25).Select(i => ReadAsync(bench, bench.Read($"bytes={i * Slice}-")))];

        for (int i = 0; i < readers.Length; i++)
        {
            byte[] got = await readers[i];
            Assert.True(content.AsSpan(i * Slice).SequenceEqual(got));
        }

        Assert.InRange(bench.Memory.UsedBytes, 0, bench.Memory.BudgetBytes);
        await bench.SettleAsync();
    }

    [Fact]
    public async Task A_hit_allocates_nothing_that_grows_with_the_body()
    {
        _bench.Origin.Content = FetchBench.Bytes(200 * Slice);
        await ReadAsync(_bench.Read());
        await _bench.SettleAsync();

        Measure($"bytes=0-{(2 * Slice) - 1}");
        long small = Measure($"bytes=0-{(2 * Slice) - 1}");
        long large = Measure($"bytes=0-{(200 * Slice) - 1}");

        Assert.Equal(small, large);

        long Measure(string range)
        {
            ReadContext read = _bench.Read(range);
            DiscardingPipeWriter writer = new();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Task<long> copy = CopyAsync(read, writer, CancellationToken.None);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(copy.IsCompletedSuccessfully, "A hit must not wait.");
            Assert.Equal(copy.Result, writer.Bytes);
            return allocated;
        }
    }

    private static async Task<byte[]> DrainAsync(PipeReader reader)
    {
        using MemoryStream all = new();
        await reader.CopyToAsync(all);
        return all.ToArray();
    }

    private S3Proxy.Invalidation.WriteIntent WriteIntentOf(string key) => _bench.Writes.Begin([new ObjectId("main", "bucket", key)]);

    private async Task<int> StatusAsync()
    {
        using ObtainedMetadata obtained = await _bench.Finder.FindAsync(_bench.Read(), CancellationToken.None);
        return obtained.Other is ObjectAnswer.Refused refused ? refused.Status : 200;
    }

    private Task<byte[]> ReadAsync(ReadContext read, CancellationToken aborted = default) => ReadAsync(_bench, read, aborted);

    private static async Task<byte[]> ReadAsync(FetchBench bench, ReadContext read, CancellationToken aborted = default)
    {
        using MemoryStream all = new();
        PipeWriter writer = PipeWriter.Create(all);
        await CopyAsync(bench, read, writer, aborted);
        return all.ToArray();
    }

    private Task<long> CopyAsync(ReadContext read, PipeWriter writer, CancellationToken aborted) => CopyAsync(_bench, read, writer, aborted);

    private static async Task<long> CopyAsync(FetchBench bench, ReadContext read, PipeWriter writer, CancellationToken aborted)
    {
        using ObtainedMetadata obtained = await bench.Finder.FindAsync(read, aborted);
        ObjectMetadata metadata = obtained.Metadata!;
        long first = 0;
        long last = metadata.SizeBytes - 1;
        if (read.Range is { } range)
        {
            ByteRangeResolution resolved = range.Resolve(metadata.SizeBytes);
            (first, last) = (resolved.FirstByte, resolved.LastByte);
        }

        using SliceWalker walker = new(bench.Services, bench.Tables, read.Target, metadata.Version, last, read.Range?.LastByte is null);
        if (obtained.Run is { } run)
        {
            walker.Follow(run, first);
        }

        await walker.OpenAsync(first, aborted);
        obtained.Dispose();
        return await walker.CopyAsync(writer, first, last, aborted);
    }
}
