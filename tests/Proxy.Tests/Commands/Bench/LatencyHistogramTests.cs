using S3Proxy.Commands.Bench;

namespace S3Proxy.Tests.Commands.Bench;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_at_most_two_percent_too_long_and_never_longer_than_the_longest()
    {
        LatencyHistogram latency = new();
        for (int i = 1; i <= 10_000; i++)
        {
            latency.Add(TimeSpan.FromMicroseconds(i * 100));
        }

        foreach (double share in new[] { 0.01, 0.5, 0.9, 0.99, 0.999, 1.0 })
        {
            double exact = Math.Ceiling(share * 10_000) * 100;
            Assert.InRange(latency.Quantile(share)!.Value.TotalMicroseconds, exact * 0.999, exact * 1.0201);
        }

        Assert.Equal(TimeSpan.FromSeconds(1), latency.Max);
        Assert.True(latency.Quantile(1) <= latency.Max);
    }

    [Fact]
    public void Sums_are_those_of_all_values()
    {
        LatencyHistogram first = new();
        first.Add(TimeSpan.FromMilliseconds(1));
        LatencyHistogram second = new();
        second.Add(TimeSpan.FromMilliseconds(100));
        second.Add(TimeSpan.Zero);
        second.Add(TimeSpan.FromDays(30));

        first.Add(second);

        Assert.Equal(4, first.Count);
        Assert.Equal(TimeSpan.FromDays(30), first.Max);
        Assert.InRange(first.Quantile(0.75)!.Value.TotalMilliseconds, 100, 102.1);
        Assert.InRange(first.Quantile(0.01)!.Value.TotalMicroseconds, 0, 1.03);
    }

    [Fact]
    public void Without_values_there_is_none() => Assert.Null(new LatencyHistogram().Quantile(0.5));
}
