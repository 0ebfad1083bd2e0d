using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C1: what eviction makes of objects of several sizes, and of one. Every figure is of fixed seeds.</summary>
public sealed class EvictionBySizeTests
{
    private const int Objects = 20_000;
    private const int Requests = 400_000;
    private static readonly int[] Mixed = Sizes(Objects * 3, seed: 1);
    private static readonly long Budget = Mixed.Take(Objects).Sum(bytes => (long)bytes) / 5;

    [Fact]
    public void More_requests_hit_than_with_LRU_or_one_queue_and_as_many_bytes_but_for_a_hundredth()
    {
        PolicyReplay replay = new PolicyReplay(new AdmissionFifoPolicy(), Mixed, Budget).Play(Popular(2)).Play(Popular(3));
        PolicyReplay recent = new PolicyReplay(policy: null, Mixed, Budget).Play(Popular(2)).Play(Popular(3));

        // With main as one queue, whatever the sizes: 826.6 requests and 809.6 bytes of a thousand.
        Assert.InRange(replay.Hits, Math.Max(recent.Hits, 826.6) + 20, 1000);
        Assert.InRange(replay.HitBytes, Math.Max(recent.HitBytes, 809.6 * 0.99), 1000);
    }

    /// <summary>Scans over what nobody else wants, of small objects and of large ones.</summary>
    [Theory]
    [InlineData(1024, 618.8, 801.9)]
    [InlineData(256 * 1024, 615.5, 261.4)]
    public void A_scan_leaves_what_was_hot(int scannedBytes, double oneQueueHits, double oneQueueHitBytes)
    {
        int[] sizes = [.. Mixed.Take(Objects), .. Enumerable.Repeat(scannedBytes, Requests)];
        PolicyReplay replay = new PolicyReplay(new AdmissionFifoPolicy(), sizes, Budget).Play(Popular(2)).Play(Scanned());

        Assert.InRange(replay.Hits, oneQueueHits, 1000);
        Assert.InRange(replay.HitBytes, oneQueueHitBytes * 0.98, 1000);
        Assert.InRange(replay.CountOf(Enumerable.Range(0, 200)), 195, 200);
    }

    [Fact]
    public void A_loop_over_more_than_fits_hits_more_requests_than_with_one_queue()
    {
        PolicyReplay replay = new PolicyReplay(new AdmissionFifoPolicy(), Mixed, Budget).Play(Loop()).Play(Loop());

        Assert.InRange(replay.Hits, 2 * 178.5, 1000);
    }

    /// <summary>Neither what is large nor what is small may hold its place for ever: once other objects are popular, these take the place of all of those.</summary>
    [Fact]
    public void What_was_hot_leaves_whatever_its_size_when_nobody_asks_for_it_any_more()
    {
        PolicyReplay replay = new PolicyReplay(new AdmissionFifoPolicy(), Mixed, Budget).Play(Popular(2));
        int[] hot = [.. Enumerable.Range(0, 1000)];
        Assert.InRange(replay.CountOf(hot), 900, 1000);

        replay.Play(Popular(3).Select(number => Objects + number)).Play(Popular(4).Select(number => Objects + number));

        Assert.InRange(replay.CountOf(hot), 0, 100);
        Assert.InRange(replay.CountOf(hot.Select(number => Objects + number)), 900, 1000);
    }

    /// <summary>What leaves, and in which order, is what it was when main was one queue.</summary>
    [Theory]
    [InlineData(700, 793.47, 1384071990u)]
    [InlineData(10_000, 793.47, 1384071990u)]
    [InlineData(8 << 20, 793.47, 1384071990u)]
    public void Of_equal_sizes_leaves_what_did_before(int bytes, double hits, uint order)
    {
        int[] sizes = [.. Enumerable.Repeat(bytes, Objects + Requests)];
        PolicyReplay replay = new PolicyReplay(new AdmissionFifoPolicy(), sizes, bytes * 3000L).Play(Popular(2)).Play(Scanned()).Play(Loop()).Play(Popular(3));

        Assert.Equal(hits, replay.Hits, 1e-9);
        Assert.Equal(order, replay.Order);
    }

    private static int[] Sizes(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(1024 * Math.Pow(2, random.NextDouble() * 8)))];
    }

    /// <summary>By Zipf's law with exponent 1, nearly: the logarithm of the rank is even.</summary>
    private static IEnumerable<int> Popular(int seed)
    {
        Random random = new(seed);
        return Enumerable.Range(0, Requests).Select(_ => (int)Math.Pow(Objects, random.NextDouble()) - 1);
    }

    /// <summary>The same, and every fourth block of requests a scan.</summary>
    private static IEnumerable<int> Scanned() => Popular(5).Select((number, step) => step / 5000 % 4 == 3 ? Objects + step : number);

    private static IEnumerable<int> Loop() => Enumerable.Range(0, Requests).Select(step => step % Objects);
}
