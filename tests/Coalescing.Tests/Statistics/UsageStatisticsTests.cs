using S3Proxy.Coalescing.Statistics;
using S3Proxy.Testing;

namespace S3Proxy.Coalescing.Tests.Statistics;

/// <summary>Requirements K2 and K3: counting locally and merging in the background loses nothing.</summary>
public sealed class UsageStatisticsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void What_was_saved_is_told_with_what_was_used()
    {
        UsageStatistics<string, string> statistics = new(new UsageStatisticsOptions(), _time);
        statistics.Record("a", "client", 1000);
        statistics.Record("a", "client", 100, UsageSaving.RequestAndBytes);
        statistics.Record("a", "client", 10, UsageSaving.Bytes);
        statistics.Record("a", "client", 0, UsageSaving.RequestAndBytes);

        Assert.Equal(new Usage(4, 1110, 2, 110), statistics.Read(1).Total);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(7, 4)]
    [InlineData(256, 64)]
    public void K3_no_count_is_lost_with_many_writers_and_a_reader(int batchRecords, int maxPendingBatches)
    {
        const int Writers = 8;
        const int Records = 20_000;
        const int Keys = 97;
        UsageStatistics<int, int> statistics = new(new UsageStatisticsOptions { BatchRecords = batchRecords, MaxPendingBatches = maxPendingBatches }, _time);
        using Barrier start = new(Writers + 1);
        Thread[] writers = [.. Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            start.SignalAndWait();
            for (int record = 0; record < Records; record++)
            {
                statistics.Record(record % Keys, writer, record);
            }
        }))];
        Array.ForEach(writers, writer => writer.Start());
        start.SignalAndWait();
        long seenBefore = 0;
        while (writers.Any(writer => writer.IsAlive))
        {
            long seen = statistics.Read(1).Total.Requests;
            Assert.InRange(seen, seenBefore, Writers * Records);
            seenBefore = seen;
        }

        UsageSnapshot<int, int> snapshot = statistics.Read(Keys);
        long bytesOfOne = Enumerable.Range(0, Records).Sum(record => (long)record);
        Assert.Equal(new Usage(Writers * Records, Writers * bytesOfOne), snapshot.Total);
        Assert.Equal(Writers, snapshot.Tenants.Count);
        Assert.All(snapshot.Tenants.Values, usage => Assert.Equal(new Usage(Records, bytesOfOne), usage));
        Assert.Equal(Keys, snapshot.HotKeys.Count);
        foreach (HotKey<int> key in snapshot.HotKeys)
        {
            int[] records = [.. Enumerable.Range(0, Records).Where(record => record % Keys == key.Key)];
            Assert.Equal(new Usage(Writers * records.Length, Writers * records.Sum(record => (long)record)), key.Seen);
            Assert.Equal(key.Seen.Requests, key.Hotness);
        }
    }

    [Fact]
    public void Hotness_halves_in_its_half_life_and_totals_stay()
    {
        UsageStatistics<string, string> statistics = new(new UsageStatisticsOptions { HotnessHalfLife = TimeSpan.FromMinutes(5) }, _time);
        statistics.Record("a", "client", 100);
        statistics.Record("a", "client", 100);
        Assert.Equal(2, Assert.Single(statistics.Read(10).HotKeys).Hotness);

        _time.Advance(TimeSpan.FromMinutes(5));

        UsageSnapshot<string, string> snapshot = statistics.Read(10);
        Assert.Equal(1, Assert.Single(snapshot.HotKeys).Hotness, 9);
        Assert.Equal(new Usage(2, 200), snapshot.Total);
        Assert.Equal(new Usage(2, 200), snapshot.HotKeys[0].Seen);
    }

    [Fact]
    public void A_very_long_silence_leaves_a_summary_that_still_counts()
    {
        UsageStatistics<string, string> statistics = new(new UsageStatisticsOptions { MaxTrackedKeys = 1 }, _time);
        statistics.Record("old", "client", 1);
        statistics.Read(1);
        _time.Advance(TimeSpan.FromDays(365));
        statistics.Record("new", "client", 1);

        Assert.Equal("new", Assert.Single(statistics.Read(1).HotKeys).Key);
    }

    [Fact]
    public void Keys_and_tenants_are_bounded_and_what_exceeds_them_is_counted_together()
    {
        UsageStatistics<int, int> statistics = new(new UsageStatisticsOptions { MaxTrackedKeys = 8, MaxTenants = 4 }, _time);
        for (int i = 0; i < 1000; i++)
        {
            statistics.Record(i, i % 10, 1);
        }

        UsageSnapshot<int, int> snapshot = statistics.Read(100);
        Assert.Equal(8, snapshot.HotKeys.Count);
        Assert.Equal(4, snapshot.Tenants.Count);
        Assert.Equal(new Usage(600, 600), snapshot.OtherTenants);
        Assert.Equal(new Usage(1000, 1000), snapshot.Total);
    }

    [Fact]
    public void Bounds_out_of_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => New(new UsageStatisticsOptions { BatchRecords = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => New(new UsageStatisticsOptions { MaxPendingBatches = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => New(new UsageStatisticsOptions { MaxTrackedKeys = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => New(new UsageStatisticsOptions { MaxTenants = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => New(new UsageStatisticsOptions { HotnessHalfLife = TimeSpan.Zero }));
    }

    private UsageStatistics<int, int> New(UsageStatisticsOptions options) => new(options, _time);
}
