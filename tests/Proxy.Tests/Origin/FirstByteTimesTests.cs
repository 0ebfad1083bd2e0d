using S3Proxy.Origin;

namespace S3Proxy.Tests.Origin;

public class FirstByteTimesTests
{
    [Fact]
    public void A_percentile_is_right_to_within_a_fifth()
    {
        FirstByteTimes times = new();
        for (int i = 1; i <= 1000; i++)
        {
            times.Record(TimeSpan.FromMilliseconds(i));
        }

        Assert.InRange(times.Percentile(0.5)!.Value.TotalMilliseconds, 500, 600);
        Assert.InRange(times.Percentile(0.95)!.Value.TotalMilliseconds, 950, 1140);
    }

    [Fact]
    public void Few_samples_tell_nothing()
    {
        FirstByteTimes times = new();
        for (int i = 0; i < 99; i++)
        {
            times.Record(TimeSpan.FromMilliseconds(1));
        }

        Assert.Null(times.Percentile(0.95));
    }

    [Fact]
    public void The_past_fades()
    {
        FirstByteTimes times = new();
        for (int i = 0; i < 5000; i++)
        {
            times.Record(TimeSpan.FromMilliseconds(10));
        }

        for (int i = 0; i < 20_000; i++)
        {
            times.Record(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(times.Percentile(0.05)!.Value.TotalSeconds, 0.9, 1.3);
    }

    [Fact]
    public void Extremes_fit_in()
    {
        FirstByteTimes times = new();
        for (int i = 0; i < 100; i++)
        {
            times.Record(i % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromDays(1));
        }

        Assert.NotNull(times.Percentile(1));
    }
}
