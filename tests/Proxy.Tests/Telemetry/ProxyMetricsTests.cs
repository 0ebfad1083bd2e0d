using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

/// <summary>Requirements O3, K2: counting a hit costs no allocation.</summary>
public sealed class ProxyMetricsTests
{
    [Fact]
    public void Counting_a_hit_allocates_nothing()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        ProxyMetrics metrics = new(services.GetRequiredService<IMeterFactory>());
        long seen = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == ProxyMetrics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => seen += value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => seen++);
        listener.Start();
        Count(metrics);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Count(metrics);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * (1 + 100 + 1), seen);
    }

    private static void Count(ProxyMetrics metrics)
    {
        metrics.Served(S3Operation.GetObject, CacheOutcome.Hit, 100);
        metrics.FirstByte(CacheOutcome.Hit, TimeSpan.FromMilliseconds(1));
    }
}
