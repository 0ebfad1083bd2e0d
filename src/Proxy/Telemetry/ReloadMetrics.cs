using System.Diagnostics.Metrics;
using S3Proxy.Configuration;
using S3Proxy.Reloading;

namespace S3Proxy.Telemetry;

/// <summary>What the proxy tells of its configuration and its certificates. Reads as <c>s3proxy_config_…</c> and <c>s3proxy_tls_…</c> in Prometheus.</summary>
/// <remarks>Thread-safe. The meter belongs to the factory.</remarks>
internal sealed class ReloadMetrics
{
    private readonly Counter<long> _reloads;
    private readonly TimeProvider _timeProvider;
    private long _succeededAt;
    private int _isSuccessful = 1;

    public ReloadMetrics(IMeterFactory meterFactory, CurrentSnapshot current, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _succeededAt = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        Meter meter = meterFactory.Create(ProxyMetrics.MeterName);
        _reloads = meter.CreateCounter<long>("s3proxy.config.reloads", "{reload}", "Times that the configuration was read again, by what came of it.");
        meter.CreateObservableGauge(
            "s3proxy.config.last_reload.successful", () => Volatile.Read(ref _isSuccessful), unit: null, "1 unless the configuration as it was last read was refused.");
        meter.CreateObservableGauge(
            "s3proxy.config.last_reload.success.timestamp", () => Interlocked.Read(ref _succeededAt), "s", "When a configuration was last taken over, or found to be the one in use.");
        meter.CreateObservableGauge("s3proxy.tls.certificate.expiry.timestamp", () => ExpiriesOf(current.Configuration.Listen), "s", "When the certificate of a port ceases to be valid.");
    }

    /// <summary>The configuration was read again.</summary>
    public void Reloaded(ReloadResult result)
    {
        _reloads.Add(1, MetricTags.Reload(result));
        Volatile.Write(ref _isSuccessful, result == ReloadResult.Refused ? 0 : 1);
        if (result != ReloadResult.Refused)
        {
            Interlocked.Exchange(ref _succeededAt, _timeProvider.GetUtcNow().ToUnixTimeSeconds());
        }
    }

    private static IEnumerable<Measurement<long>> ExpiriesOf(ListenConfiguration listen)
    {
        if (listen.Tls is { } data)
        {
            yield return new Measurement<long>(data.NotAfter.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("port", "data"));
        }

        if (listen.AdminTls is { } admin)
        {
            yield return new Measurement<long>(admin.NotAfter.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("port", "admin"));
        }
    }
}
