using S3Proxy.Fetching;

namespace S3Proxy.Tests.Fetching;

/// <summary>Several origin GETs side by side for one large object, where configured.</summary>
public sealed class ParallelRunsTests : IDisposable
{
    private const int Slice = FetchBench.SliceBytes;
    private const int StripeSlices = 4;
    private readonly FetchBench _bench = new(options: new FetchOptions
    {
        NearlyDoneBytes = Slice,
        ResumePause = TimeSpan.Zero,
        ParallelRuns = 4,
        ParallelRunBytes = StripeSlices * Slice,
    });

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=0-")]
    public async Task A_cold_object_is_brought_by_several_requests_at_once(string? range)
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes((41 * Slice) + 3);
        TaskCompletionSource gate = new();
        _bench.Origin.BeforeByte = _ => gate.Task;

        Task<byte[]> reader = _bench.ReadAsync(_bench.Read(range));
        await FetchBench.UntilAsync(() => _bench.Origin.Reads.Count == 4, "four requests are open");
        gate.SetResult();

        Assert.Equal(content, await reader);
        Assert.Equal(content.Length, _bench.Origin.BytesGiven);
        Assert.Equal(11, _bench.Origin.Reads.Count);
        Assert.Equal($"bytes=0-{(StripeSlices * Slice) - 1}", _bench.Origin.Reads[0].Range);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_herd_of_readers_shares_them()
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(21 * Slice);

        Task<byte[]>[] readers = [.. Enumerable.Range(0, 50).Select(_ => _bench.ReadAsync(_bench.Read()))];

        foreach (Task<byte[]> reader in readers)
        {
            Assert.Equal(content, await reader);
        }

        Assert.Equal(content.Length, _bench.Origin.BytesGiven);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Who_leaves_stops_them_all()
    {
        _bench.Origin.Content = FetchBench.Bytes(41 * Slice);
        _bench.Origin.BeforeByte = _ => new TaskCompletionSource().Task;
        using CancellationTokenSource client = new();
        Task<byte[]> reader = _bench.ReadAsync(_bench.Read(), client.Token);
        await FetchBench.UntilAsync(() => _bench.Origin.Reads.Count == 4, "four requests are open");

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
        await _bench.SettleAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(StripeSlices * Slice)]
    [InlineData((StripeSlices * Slice) + 1)]
    public async Task Small_objects_are_whole(int length)
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(length);

        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));

        await _bench.SettleAsync();
    }
}
