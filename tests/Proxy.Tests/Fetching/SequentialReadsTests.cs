using S3Proxy.Caching;
using S3Proxy.Fetching;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirement C4: sequential reads grow into longer runs, and never more than the bound is read that nobody asked for.</summary>
public sealed class SequentialReadsTests : IDisposable
{
    private const int Slice = FetchBench.SliceBytes;
    private const int MaxAheadSlices = 8;
    private readonly FetchBench _bench = new(options: new FetchOptions { NearlyDoneBytes = Slice, ResumePause = TimeSpan.Zero, MaxReadAheadBytes = MaxAheadSlices * Slice });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_reader_in_order_costs_fewer_and_fewer_requests_and_reads_what_is_there()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(64 * Slice);

        for (int slice = 0; slice < 64; slice++)
        {
            Assert.Equal(content[(slice * Slice)..((slice + 1) * Slice)], await ReadAsync(slice));
            await _bench.SettleAsync();
        }

        // 1, 1+1, then windows of 2, 4 and 8 that move on when half of one is read.
        Assert.InRange(_bench.Origin.Reads.Count, 5, 18);
        Assert.Equal(content.Length, _bench.Origin.BytesGiven);
    }

    [Fact]
    public async Task What_nobody_asked_for_stays_within_the_bound_when_the_reader_stops()
    {
        _bench.Origin.Content = FetchBench.Bytes(200 * Slice);
        for (int stop = 1; stop < 40; stop++)
        {
            await ReadAsync(stop - 1);
            await _bench.SettleAsync();
            Assert.InRange(_bench.Origin.BytesGiven - (stop * Slice), 0, MaxAheadSlices * Slice);
        }
    }

    [Fact]
    public async Task Reads_at_random_fetch_what_they_want_and_no_more()
    {
        _bench.Origin.Content = FetchBench.Bytes(64 * Slice);
        int[] order = [40, 3, 22, 61, 10, 50, 7];
        foreach (int slice in order)
        {
            await ReadAsync(slice);
            await _bench.SettleAsync();
        }

        Assert.Equal(order.Length * Slice, _bench.Origin.BytesGiven);
    }

    [Fact]
    public async Task Who_comes_to_what_waits_to_be_read_ahead_does_not_wait_behind_everybody()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(64 * Slice);
        for (int slice = 0; slice < 2; slice++)
        {
            await ReadAsync(slice);
            await _bench.SettleAsync();
        }

        TaskCompletionSource turn = new();
        _bench.Origin.ReadAheadTurn = turn.Task;
        int sent = _bench.Origin.Reads.Count;
        int next = 2;
        for (; _bench.Tables.InFlightCount == 0; next++)
        {
            await ReadAsync(next);
        }

        Assert.Equal(sent, _bench.Origin.Reads.Count);
        Task<byte[]> wanted = ReadAsync(next);
        await FetchBench.UntilAsync(() => wanted.IsCompleted, "it is read");
        Assert.Equal(content[(next * Slice)..((next + 1) * Slice)], await wanted);
        Assert.Equal(FetchClass.Demand, _bench.Origin.Reads[^1].Requester.Class);
        turn.SetResult();
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Another_clients_place_is_its_own()
    {
        _bench.Origin.Content = FetchBench.Bytes(64 * Slice);
        await ReadAsync(0);
        await ReadAsync(1, client: "other");
        await ReadAsync(1);
        await ReadAsync(40, client: "other");
        await _bench.SettleAsync();

        // Only the first client has read in order, once: one slice ahead.
        Assert.Equal(4 * Slice, _bench.Origin.BytesGiven);
    }

    [Fact]
    public void A_client_with_several_ranges_open_at_once_reads_in_parallel_already()
    {
        ObjectVersion version = new(new ObjectId("main", "bucket", "key"), "\"v1\"", null, 100L * Slice);
        SequentialReads reads = new(new SliceGeometry(Slice), 8 * Slice);
        SequentialRead first = reads.Begin("client", version, 0, Slice - 1);
        SequentialRead second = reads.Begin("client", version, Slice, (2 * Slice) - 1);
        Assert.False(second.HasAhead);
        second.Dispose();
        first.Dispose();

        SequentialRead third = reads.Begin("client", version, 2 * Slice, (3 * Slice) - 1);
        Assert.True(third.HasAhead);
        Assert.Equal((3, 3), (third.AheadFrom, third.AheadLast));
        third.Dispose();
    }

    [Fact]
    public void Nothing_is_read_beyond_the_end_of_the_object()
    {
        ObjectVersion version = new(new ObjectId("main", "bucket", "key"), "\"v1\"", null, (4 * Slice) + 1);
        SequentialReads reads = new(new SliceGeometry(Slice), 64 * Slice);
        for (int slice = 0; slice < 4; slice++)
        {
            using SequentialRead read = reads.Begin("client", version, slice * Slice, ((slice + 1) * Slice) - 1);
            Assert.InRange(read.AheadLast, 0, 4);
        }

        using SequentialRead last = reads.Begin("client", version, 4 * Slice, 4 * Slice);
        Assert.False(last.HasAhead);
    }

    [Fact]
    public void A_bound_of_less_than_a_slice_turns_it_off()
    {
        ObjectVersion version = new(new ObjectId("main", "bucket", "key"), "\"v1\"", null, 100L * Slice);
        SequentialReads reads = new(new SliceGeometry(Slice), Slice - 1);
        for (int slice = 0; slice < 4; slice++)
        {
            using SequentialRead read = reads.Begin("client", version, slice * Slice, ((slice + 1) * Slice) - 1);
            Assert.False(read.HasAhead);
        }
    }

    private Task<byte[]> ReadAsync(int slice, string client = "client") =>
        _bench.ReadAsync(_bench.Read($"bytes={slice * Slice}-{((slice + 1) * Slice) - 1}", client: client));
}
