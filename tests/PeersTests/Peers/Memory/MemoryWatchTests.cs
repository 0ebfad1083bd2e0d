using S3Proxy.Demo.Peers.Memory;
using S3Proxy.Testing;

namespace S3Proxy.PeersTests.Peers.Memory;

public sealed class MemoryWatchTests
{
    [Fact]
    public async Task The_peak_is_the_most_that_was_read_at_any_time()
    {
        ManualTimeProvider time = new();
        long[] readings = [10, 30, 20];
        int next = 0;
        MemoryWatch watch = new(() => readings[Math.Min(next++, readings.Length - 1)], time);
        await time.WaitForTimersAsync(1);
        Assert.Equal(10, watch.PeakBytes);
        time.Advance(MemoryWatch.Interval);
        await time.WaitForTimersAsync(1);
        Assert.Equal(30, watch.PeakBytes);
        time.Advance(MemoryWatch.Interval);
        await time.WaitForTimersAsync(1);
        await watch.DisposeAsync();
        Assert.Equal(30, watch.PeakBytes);
    }

    [Fact]
    public async Task The_end_is_read_too()
    {
        ManualTimeProvider time = new();
        long bytes = 10;
        MemoryWatch watch = new(() => Interlocked.Read(ref bytes), time);
        await time.WaitForTimersAsync(1);
        Interlocked.Exchange(ref bytes, 40);
        await watch.DisposeAsync();
        Assert.Equal(40, watch.PeakBytes);
    }
}
