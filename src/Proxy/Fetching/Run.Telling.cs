using System.Diagnostics;
using S3Proxy.Coalescing;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Fetching;

/// <summary>What a run tells metrics and traces of itself.</summary>
internal sealed partial class Run
{
    private long _filledBytes;
    private int _joined;
    private Activity? _span;

    /// <summary>The span of this run, for those who follow it; null once it is over, and when nobody traces the request that leads it.</summary>
    public Activity? Span => _span;

    /// <summary>Counts the run, and ends its span, which the run outlives: cached slices keep it.</summary>
    private void Tell(FlightState state)
    {
        _services.Metrics?.RunEnded(state, Volatile.Read(ref _joined), _filledBytes, _services.TimeProvider.GetElapsedTime(_startedAt));
        _span.End(state == FlightState.Complete ? null : FetchMetrics.NameOf(state));
        _span = null;
    }
}
