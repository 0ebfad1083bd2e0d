using S3Proxy.Fetching;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirement B4: adjacent and overlapping misses of one version make one origin GET.</summary>
public sealed class RunGatheringTests : IDisposable
{
    private const int Slice = FetchBench.SliceBytes;
    private readonly FetchBench _bench = new();
    private readonly TaskCompletionSource _turn = new();
    private byte[] _content = [];

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(5, 6, 4, 7)]
    [InlineData(7, 6, 5, 4)]
    [InlineData(4, 5, 6, 7)]
    [InlineData(6, 7, 4, 5)]
    public async Task Misses_that_wait_for_their_turn_become_one_request(int a, int b, int c, int d)
    {
        await PrimeAsync();

        List<Task<byte[]>> readers = [];
        foreach (int slice in (int[])[a, b, c, d])
        {
            readers.Add(_bench.ReadAsync(_bench.Read(RangeOf(slice, slice))));
            await InFlightAsync(readers.Count);
        }

        _turn.SetResult();

        int[] slices = [a, b, c, d];
        for (int i = 0; i < slices.Length; i++)
        {
            Assert.Equal(Part(slices[i], slices[i]), await readers[i]);
        }

        // 6 and 7 began a run, 4 another that 5 joined: at most two where they did not adjoin when they came.
        int expected = (a, b, c) == (6, 7, 4) ? 2 : 1;
        Assert.Equal(expected, _bench.Origin.Reads.Count - 1);
        if (expected == 1)
        {
            Assert.Equal($"bytes={4 * Slice}-{(8 * Slice) - 1}", _bench.Origin.Reads[1].Range);
        }

        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Overlapping_ranges_become_one_request()
    {
        await PrimeAsync();
        Task<byte[]> later = _bench.ReadAsync(_bench.Read(RangeOf(6, 9)));
        await InFlightAsync(4);
        Task<byte[]> earlier = _bench.ReadAsync(_bench.Read(RangeOf(3, 7)));
        await InFlightAsync(7);
        Task<byte[]> behind = _bench.ReadAsync(_bench.Read(RangeOf(8, 12)));
        await InFlightAsync(7);
        _turn.SetResult();

        Assert.Equal(Part(6, 9), await later);
        Assert.Equal(Part(3, 7), await earlier);
        Assert.Equal(Part(8, 12), await behind);
        Assert.Equal($"bytes={3 * Slice}-{(10 * Slice) - 1}", _bench.Origin.Reads[1].Range);
        Assert.InRange(_bench.Origin.Reads.Count, 3, 3);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_request_that_was_sent_does_not_grow()
    {
        await PrimeAsync();
        TaskCompletionSource headers = new();
        _bench.Origin.BeforeHeaders = number => number == 2 ? headers.Task : Task.CompletedTask;
        _turn.SetResult();
        Task<byte[]> first = _bench.ReadAsync(_bench.Read(RangeOf(5, 5)));
        await FetchBench.UntilAsync(() => _bench.Origin.Reads.Count == 2, "the request is sent");

        Assert.Equal(Part(6, 6), await _bench.ReadAsync(_bench.Read(RangeOf(6, 6))));
        headers.SetResult();

        Assert.Equal(Part(5, 5), await first);
        Assert.Equal(3, _bench.Origin.Reads.Count);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Who_leaves_before_the_request_is_sent_takes_nobody_along()
    {
        await PrimeAsync();
        using CancellationTokenSource leader = new();
        Task<byte[]> first = _bench.ReadAsync(_bench.Read(RangeOf(5, 5)), leader.Token);
        await InFlightAsync(1);
        Task<byte[]> second = _bench.ReadAsync(_bench.Read(RangeOf(6, 6)));
        await InFlightAsync(2);

        await leader.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _turn.SetResult();

        Assert.Equal(Part(6, 6), await second);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task When_all_leave_before_the_request_is_sent_none_is()
    {
        await PrimeAsync();
        using CancellationTokenSource clients = new();
        Task<byte[]> first = _bench.ReadAsync(_bench.Read(RangeOf(5, 5)), clients.Token);
        Task<byte[]> second = _bench.ReadAsync(_bench.Read(RangeOf(6, 6)), clients.Token);
        await InFlightAsync(2);

        await clients.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        await _bench.SettleAsync();
        Assert.Single(_bench.Origin.Reads);
        _turn.SetResult();
    }

    [Fact]
    public async Task A_run_does_not_read_again_a_long_stretch_that_another_run_brings()
    {
        _content = _bench.Origin.Content = FetchBench.Bytes(60 * Slice);
        TaskCompletionSource hold = new();
        _bench.Origin.BeforeByte = offset => offset is >= Slice and < 20 * Slice ? hold.Task : Task.CompletedTask;
        Task<byte[]> whole = _bench.ReadAsync(_bench.Read());
        await FetchBench.UntilAsync(() => _bench.Memory.SliceCount >= 1, "the first slice is here");
        _bench.Memory.RemoveSlice(new(_bench.Memory.FindMetadata(new("main", "bucket", "key"))!.Version, 0));
        Task<byte[]> other = _bench.ReadAsync(_bench.Read());
        hold.SetResult();

        Assert.Equal(_content, await whole);
        Assert.Equal(_content, await other);
        await _bench.SettleAsync();
        Assert.InRange(_bench.Origin.BytesGiven, _content.Length, _content.Length + (FetchOptions().MaxGapSlices * Slice));
    }

    [Fact]
    public async Task A_reader_does_not_give_its_run_up_for_one_that_brings_a_few_slices_of_it()
    {
        await PrimeAsync();
        TaskCompletionSource headers = new();
        _bench.Origin.BeforeHeaders = number => number == 2 ? headers.Task : Task.CompletedTask;
        _turn.SetResult();
        Task<byte[]> few = _bench.ReadAsync(_bench.Read(RangeOf(20, 21)));
        await FetchBench.UntilAsync(() => _bench.Origin.Reads.Count == 2, "the short run is under way");
        Task<byte[]> whole = _bench.ReadAsync(_bench.Read());
        await FetchBench.UntilAsync(() => _bench.Origin.BytesGiven >= 24 * Slice, "the long one has read past it, as far as it may");

        headers.SetResult();

        Assert.Equal(Part(20, 21), await few);
        Assert.Equal(_content, await whole);
        Assert.Equal(3, _bench.Origin.Reads.Count);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_short_run_does_not_read_over_a_slice_that_is_here()
    {
        await PrimeAsync();
        _turn.SetResult();
        Assert.Equal(Part(7, 7), await _bench.ReadAsync(_bench.Read(RangeOf(7, 7))));

        Assert.Equal(Part(4, 9), await _bench.ReadAsync(_bench.Read(RangeOf(4, 9))));

        await _bench.SettleAsync();
        Assert.Equal([RangeOf(7, 7), RangeOf(4, 6), RangeOf(8, 9)], _bench.Origin.Reads.Skip(1).Select(read => read.Range));
    }

    [Fact]
    public async Task A_long_run_reads_over_a_slice_that_is_here()
    {
        await PrimeAsync();
        _turn.SetResult();
        Assert.Equal(Part(7, 7), await _bench.ReadAsync(_bench.Read(RangeOf(7, 7))));

        Assert.Equal(Part(4, 19), await _bench.ReadAsync(_bench.Read(RangeOf(4, 19))));

        await _bench.SettleAsync();
        Assert.Equal([RangeOf(7, 7), RangeOf(4, 19)], _bench.Origin.Reads.Skip(1).Select(read => read.Range));
    }

    [Fact]
    public async Task A_reader_that_comes_where_a_run_was_cut_off_asks_for_itself()
    {
        await PrimeAsync();
        _turn.SetResult();
        TaskCompletionSource ofMiddle = new();
        TaskCompletionSource ofFirst = new();
        _bench.Origin.BeforeHeaders = number => number switch
        {
            2 => ofMiddle.Task,
            3 => ofFirst.Task,
            _ => Task.CompletedTask,
        };
        Task<byte[]> middle = _bench.ReadAsync(_bench.Read(RangeOf(7, 7)));
        await FetchBench.UntilAsync(() => _bench.Origin.Reads.Count == 2, "the middle is asked for");
        Task<byte[]> around = _bench.ReadAsync(_bench.Read(RangeOf(4, 9)));
        await FetchBench.UntilAsync(() => _bench.Origin.Reads.Count == 3, "the first stretch is asked for");

        Assert.Equal(Part(9, 9), await _bench.ReadAsync(_bench.Read(RangeOf(9, 9))));

        ofFirst.SetResult();
        ofMiddle.SetResult();
        Assert.Equal(Part(4, 9), await around);
        Assert.Equal(Part(7, 7), await middle);
        await _bench.SettleAsync();
        Assert.Equal(7 * Slice, _bench.Origin.BytesGiven);
    }

    private static FetchOptions FetchOptions() => new();

    /// <summary>The metadata and slice 0 are known; from now on requests wait for their turn.</summary>
    private async Task PrimeAsync()
    {
        _content = _bench.Origin.Content = FetchBench.Bytes(40 * Slice);
        Assert.Equal(_content[..1], await _bench.ReadAsync(_bench.Read("bytes=0-0")));
        await _bench.SettleAsync();
        _bench.Origin.Turn = _turn.Task;
    }

    private Task InFlightAsync(int count) => FetchBench.UntilAsync(() => _bench.Tables.InFlightCount == count, $"{count} slices are in flight");

    private static string RangeOf(int first, int last) => $"bytes={first * Slice}-{((last + 1) * Slice) - 1}";

    private byte[] Part(int first, int last) => _content[(first * Slice)..((last + 1) * Slice)];
}
