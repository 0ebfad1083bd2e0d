using System.IO.Pipelines;
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

        Task<byte[]>[] readers = [.. Enumerable.Range(0, 1000).Select(_ => _bench.ReadAsync(_bench.Read()))];
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
    public async Task However_long_they_wait_followers_never_fetch_for_themselves()
    {
        // nginx: after a lock time-out of 5 s everyone went to the origin.
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        TaskCompletionSource headers = new();
        TaskCompletionSource body = new();
        _bench.Origin.BeforeHeaders = _ => headers.Task;
        _bench.Origin.BeforeByte = offset => offset < Slice ? Task.CompletedTask : body.Task;
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 20).Select(_ => _bench.ReadAsync(_bench.Read()))];

        for (int second = 0; second < 3600; second++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        headers.SetResult();
        await FetchBench.UntilAsync(() => _bench.Memory.SliceCount == 1, "the first slice is here");
        for (int second = 0; second < 25; second++)
        {
            // Short of the time without progress, which is another matter.
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        body.SetResult();
        foreach (Task<byte[]> reader in readers)
        {
            Assert.Equal(content, await reader);
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
        Task<byte[]> early = _bench.ReadAsync(_bench.Read());
        await reached.Task;

        byte[] late = await _bench.ReadAsync(_bench.Read("bytes=0-99"));
        Assert.Equal(content[..100], late);
        Task<byte[]> lateWhole = _bench.ReadAsync(_bench.Read());
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
        Task<byte[]> leader = _bench.ReadAsync(_bench.Read(), leaderClient.Token);
        await reached.Task;
        Task<byte[]>[] followers = [.. Enumerable.Range(0, 10).Select(_ => _bench.ReadAsync(_bench.Read()))];

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
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 5).Select(_ => _bench.ReadAsync(_bench.Read(), client.Token))];
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

        byte[] middle = await _bench.ReadAsync(_bench.Read($"bytes={(40 * Slice) + 5}-{(40 * Slice) + 104}"));

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

        Assert.Equal(expected, await _bench.ReadAsync(_bench.Read(range)));
        int cold = _bench.Origin.Reads.Count;
        Assert.Equal(expected, await _bench.ReadAsync(_bench.Read(range)));
        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));

        Assert.Equal(1, cold);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Ranges_and_full_reads_share_slices()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(6 * Slice);
        await _bench.ReadAsync(_bench.Read("bytes=0-99"));

        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));

        IReadOnlyList<OriginRead> reads = _bench.Origin.Reads;
        Assert.Equal(2, reads.Count);
        Assert.Equal($"bytes={Slice}-{content.Length - 1}", reads[1].Range);
        Assert.Equal("\"v1\"", reads[1].IfMatch);
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
        Task<long> slow = _bench.CopyAsync(_bench.Read(), pipe.Writer, client.Token);
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
        Task<long> slow = bench.CopyAsync(bench.Read(), pipe.Writer, default);
        ReadResult some = await pipe.Reader.ReadAtLeastAsync(1000);
        pipe.Reader.AdvanceTo(some.Buffer.Start);

        Assert.Equal(content, await bench.ReadAsync(bench.Read()));
        Task<byte[]> drained = DrainAsync(pipe.Reader);
        await slow;
        await pipe.Writer.CompleteAsync();

        Assert.Equal(content, await drained);
        Assert.All(bench.Origin.Reads.Skip(1), read => Assert.Equal("\"v1\"", read.IfMatch));
        await bench.SettleAsync();
    }

    [Fact]
    public async Task Runs_that_together_want_more_than_the_budget_all_end()
    {
        using FetchBench bench = new(memoryBytes: 16 * Slice);
        byte[] content = bench.Origin.Content = FetchBench.Bytes(30 * Slice);
        await bench.ReadAsync(bench.Read("bytes=0-0"));

        Task<byte[]>[] readers = [.. Enumerable.Range(0, 25).Select(i => bench.ReadAsync(bench.Read($"bytes={i * Slice}-")))];

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
        await _bench.ReadAsync(_bench.Read());
        await _bench.SettleAsync();

        // Elsewhere than on the pool a large body would go there.
        long small = await Task.Run(() => Least($"bytes=0-{(2 * Slice) - 1}"));
        long large = await Task.Run(() => Least($"bytes=0-{(200 * Slice) - 1}"));

        Assert.Equal(small, large);

        // What is spent once, for a series or a pool, is no cost of a read.
        long Least(string range) => Enumerable.Range(0, 5).Min(_ => Measure(range));

        long Measure(string range)
        {
            ReadContext read = _bench.Read(range);
            DiscardingPipeWriter writer = new();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Task<long> copy = _bench.CopyAsync(read, writer, CancellationToken.None);
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
}
