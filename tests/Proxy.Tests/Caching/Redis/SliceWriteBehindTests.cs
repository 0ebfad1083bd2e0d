using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>Requirement C3, invariant 11: filling Redis holds nobody up, and gives every buffer back.</summary>
public sealed class SliceWriteBehindTests : IAsyncLifetime, IDisposable
{
    private const int SliceBytes = 1 << 20;
    private static readonly RedisVersion Version = new(TestObjects.Version("k", (5 * SliceBytes) + 12_345), SliceBytes);

    private readonly GatedRedis _redis = new();
    private readonly CountingPool _pool = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RedisSlices _slices;
    private readonly SliceWriteBehind _queue;

    public SliceWriteBehindTests()
    {
        RedisConfiguration configuration = RedisBench.ConfigurationFor("127.0.0.1:1") with { WriteBehindBytes = 3 * SliceBytes, MaxItemBytes = SliceBytes };
        RedisMetrics metrics = new(_services.GetRequiredService<IMeterFactory>());
        _slices = new RedisSlices(_redis, new RedisKeys("s", "c"), configuration, metrics);
        _queue = new SliceWriteBehind(_redis, _slices, configuration, metrics);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _queue.DisposeAsync();

    public void Dispose()
    {
        _redis.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(SliceBytes)]
    [InlineData(1)]
    [InlineData(SegmentLayout.HalfBytes)]
    [InlineData(SegmentLayout.HalfBytes + 1)]
    [InlineData(40_000)]
    [InlineData(SegmentLayout.MaxSplitBytes)]
    [InlineData(SegmentLayout.MaxSplitBytes + 1)]
    [InlineData(SharedBody.SegmentBytes + 40_000)]
    [InlineData((5 * SharedBody.SegmentBytes) + 40_000)]
    public async Task A_slice_that_was_written_is_read(int lastBytes)
    {
        RedisVersion version = new(TestObjects.Version("k", SliceBytes + lastBytes), SliceBytes);
        byte[] expected = new byte[lastBytes];
        new Random(lastBytes).NextBytes(expected);
        SharedBody body = Filled(expected);
        Assert.True(_queue.TryEnqueue(version, 1, body));
        body.Release();
        await DrainedAsync();

        RedisSliceReader reader = _slices.Read(version, 1);
        List<byte> read = [];
        ReadOnlyMemory<byte> piece;
        while (!(piece = await reader.ReadAsync(CancellationToken.None)).IsEmpty)
        {
            read.AddRange(piece.Span);
        }

        Assert.True(reader.IsComplete);
        Assert.Equal(expected, read);
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task Beyond_its_budget_slices_are_dropped_and_nobody_waits()
    {
        _redis.IsGated = true;
        for (int index = 0; index < 5; index++)
        {
            SharedBody body = Body(index);
            Assert.Equal(index < 3, _queue.TryEnqueue(Version, index, body));
            body.Release();
        }

        Assert.Equal(3 * SliceBytes, _queue.QueuedBytes);
        _redis.LetThrough(100);
        await DrainedAsync();
        Assert.Equal(3, _redis.Strings.Count);
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task While_redis_is_left_alone_or_the_slice_is_too_large_nothing_is_taken()
    {
        RedisVersion large = new(TestObjects.Version("large", 2 * SliceBytes), 2 * SliceBytes);
        SharedBody tooLarge = Filled(new byte[2 * SliceBytes]);
        Assert.False(_queue.TryEnqueue(large, 0, tooLarge));
        tooLarge.Release();
        _redis.IsAvailable = false;
        SharedBody body = Body(0);
        Assert.False(_queue.TryEnqueue(Version, 0, body));
        body.Release();

        Assert.Equal(0, _queue.QueuedBytes);
        await DrainedAsync();
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task A_failed_write_is_dropped_and_the_next_one_goes_on()
    {
        _redis.IsFailing = true;
        SharedBody body = Body(0);
        Assert.True(_queue.TryEnqueue(Version, 0, body));
        body.Release();
        await DrainedAsync();
        Assert.Empty(_redis.Strings);
        _redis.IsFailing = false;
        SharedBody next = Body(1);
        Assert.True(_queue.TryEnqueue(Version, 1, next));
        next.Release();
        await DrainedAsync();
        Assert.Single(_redis.Strings);
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task The_end_gives_every_reference_back()
    {
        _redis.IsGated = true;
        for (int index = 0; index < 3; index++)
        {
            SharedBody body = Body(index);
            Assert.True(_queue.TryEnqueue(Version, index, body));
            body.Release();
        }

        await _redis.WaitForWriteAsync();
        await _queue.DisposeAsync();

        Assert.Equal(0, _pool.Out);
        Assert.Equal(0, _queue.QueuedBytes);
        SharedBody late = Body(0);
        Assert.False(_queue.TryEnqueue(Version, 0, late));
        late.Release();
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task A_version_found_wrong_is_not_left_behind()
    {
        _redis.IsGated = true;
        for (int index = 0; index < 3; index++)
        {
            SharedBody body = Body(index);
            Assert.True(_queue.TryEnqueue(Version, index, body));
            body.Release();
        }

        await _redis.WaitForWriteAsync();
        _queue.Forget(Version.Version);
        _redis.LetThrough(100);
        await DrainedAsync();

        Assert.Empty(_redis.Strings);
        Assert.Equal(0, _pool.Out);
    }

    private static byte[] Bytes(int index)
    {
        byte[] bytes = new byte[Version.LengthOf(index)];
        new Random(index).NextBytes(bytes);
        return bytes;
    }

    private SharedBody Body(int index) => Filled(Bytes(index));

    private SharedBody Filled(byte[] bytes)
    {
        SharedBody body = new(bytes.Length);
        for (int offset = 0; offset < bytes.Length;)
        {
            Memory<byte> memory = body.GetWriteMemory(_pool);
            bytes.AsMemory(offset, memory.Length).CopyTo(memory);
            offset += memory.Length;
            body.Publish(memory.Length);
        }

        body.End(complete: true);
        return body;
    }

    private async Task DrainedAsync()
    {
        using CancellationTokenSource limit = new(RedisBench.Limit);
        while (_queue.QueuedBytes > 0 || _pool.Out > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class CountingPool : ISegmentPool
    {
        private int _out;

        public int Out => Volatile.Read(ref _out);

        public BodySegment Rent(int bytes)
        {
            Interlocked.Increment(ref _out);
            byte[] array = new byte[bytes];
            return new BodySegment(array, this, array);
        }

        public void TakeBack(in BodySegment segment)
        {
            ((byte[])segment.Token!).AsSpan().Fill(0xEE);
            Interlocked.Decrement(ref _out);
        }
    }
}
