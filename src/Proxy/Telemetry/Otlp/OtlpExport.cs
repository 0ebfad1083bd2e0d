using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using S3Proxy.Configuration;
using S3Proxy.Telemetry.Latency;
using S3Proxy.Telemetry.Prometheus;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Telemetry.Otlp;

/// <summary>Sends metrics and traces to a collector with the OpenTelemetry SDK (requirement O3). Made only when one is configured.</summary>
/// <remarks>
/// Thread-safe. The SDK's own threads send; spans that find its queue of 2,048 full are dropped, so that a collector that is away costs memory once and requests nothing. Disposing sends what is
/// left, within the SDK's bound of 5 seconds each.
/// </remarks>
internal sealed class OtlpExport : IDisposable
{
    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    /// <summary>Starts to listen and to send.</summary>
    /// <param name="configuration">Where to, and what.</param>
    /// <param name="meterFactory">Whose meters are meant.</param>
    /// <param name="latency">What is told beside what the meters count.</param>
    public OtlpExport(OtlpConfiguration configuration, IMeterFactory meterFactory, LatencyMetrics latency)
    {
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService("s3proxy", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3))
            .AddEnvironmentVariableDetector();
        if (configuration.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter([.. MetricsScraper.Meters, LatencyReplay.MeterName])
                .AddView(instrument => MetricsScraper.ViewOf(instrument, meterFactory))
                .AddReader(new OtlpMetricReader(configuration, new LatencyReplay(meterFactory, latency)))
                .Build();
        }

        if (configuration.Traces)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(RequestTracing.SourceName)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(configuration.SampleRatio)))
                .AddProcessor(new BatchActivityExportProcessor(new OtlpTraceExporter(OptionsOf(configuration, "traces"))))
                .Build();
        }
    }

    /// <summary>Options of an exporter for one signal, <c>metrics</c> or <c>traces</c>.</summary>
    public static OtlpExporterOptions OptionsOf(OtlpConfiguration configuration, string signal) => new()
    {
        Protocol = configuration.Protocol == OtlpProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
        Endpoint = configuration.Protocol == OtlpProtocol.Http ? new Uri(configuration.Endpoint, $"/v1/{signal}") : configuration.Endpoint,
        Headers = configuration.Headers.Length == 0 ? null : configuration.Headers,
    };

    /// <summary>Sends what was gathered, now; for tests and the end.</summary>
    public void Flush()
    {
        _traces?.ForceFlush();
        _metrics?.ForceFlush();
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
