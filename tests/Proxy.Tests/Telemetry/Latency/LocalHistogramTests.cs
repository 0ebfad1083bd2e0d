using S3Proxy.Telemetry.Latency;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Telemetry.Latency;

public sealed class LocalHistogramTests
{
    [Fact]
    public void A_duration_falls_into_the_first_bucket_whose_bound_it_does_not_exceed()
    {
        LocalHistogram histogram = new([10, 20]);
        foreach (long ticks in (long[])[-5, 0, 10, 11, 20, 21, 1000])
        {
            histogram.Record(TimeSpan.FromTicks(ticks));
        }

        LocalHistogramSnapshot snapshot = histogram.Read();
        Assert.Equal([3, 2, 2], snapshot.Counts);
        Assert.Equal([10, 31, 1021], snapshot.SumsTicks);
        Assert.Equal(7, snapshot.Count);
    }

    [Fact]
    public void K2_nothing_is_lost_when_many_threads_record()
    {
        const int Threads = 8;
        const int Each = 20_000;
        LocalHistogram histogram = new([10, 20]);
        Parallel.For(0, Threads, thread =>
        {
            for (int i = 0; i < Each; i++)
            {
                histogram.Record(TimeSpan.FromTicks(thread * 5));
            }
        });

        LocalHistogramSnapshot snapshot = histogram.Read();
        Assert.Equal(Threads * Each, snapshot.Count);
        Assert.Equal(TimeSpan.FromTicks(Each * Enumerable.Range(0, Threads).Sum(thread => thread * 5)), snapshot.Sum);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        LatencyMetrics metrics = new();
        LatencyLabels hit = new(S3Proxy.Telemetry.OperationGroup.Get, S3Proxy.Telemetry.CacheOutcome.Hit, S3Proxy.Telemetry.AnswerTier.Memory);
        Assert.Equal(0, AllocationBudgets.BytesPerCall(1000, () => metrics.Duration.Record(hit, TimeSpan.FromMilliseconds(1))));
    }

    [Fact]
    public void Every_combination_of_labels_has_a_number_of_its_own()
    {
        LatencyLabels[] all = [.. Enumerable.Range(0, LatencyLabels.Count).Select(LatencyLabels.At)];

        Assert.Equal(LatencyLabels.Count, all.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, LatencyLabels.Count), all.Select(labels => labels.Index));
    }
}
