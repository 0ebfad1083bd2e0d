namespace S3Proxy.Telemetry.Latency;

/// <summary>How long requests on the data port took, by operation, outcome and tier (requirement O3).</summary>
/// <remarks>Thread-safe; costs a request no lock and no allocation. Told to Prometheus by its scraper, and to OpenTelemetry by <see cref="LatencyReplay"/>.</remarks>
internal sealed class LatencyMetrics
{
    /// <summary>From what a hit takes to what the slowest transfer may.</summary>
    private static readonly double[] DurationBoundsSeconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private static readonly double[] FirstByteBoundsSeconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Both histograms.</summary>
    public IReadOnlyList<LatencyFamily> All => [Duration, FirstByte];

    /// <summary>From receiving a request to the end of its answer.</summary>
    public LatencyFamily Duration { get; } = new("s3proxy.request.duration", "Time from receiving a request to the last byte of its answer.", DurationBoundsSeconds);

    /// <summary>From receiving a request to its response headers.</summary>
    public LatencyFamily FirstByte { get; } = new("s3proxy.first_byte", "Time from receiving a request to its response headers.", FirstByteBoundsSeconds);
}
