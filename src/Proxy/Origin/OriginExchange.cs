using System.Diagnostics;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Origin;

/// <summary>One request to an origin as metrics and traces tell it: from before it is sent until its answer is disposed of, or it has failed.</summary>
/// <remarks>Used by one request. Disposing it more than once does no harm.</remarks>
internal sealed class OriginExchange(string origin, ProxyMetrics metrics, TimeProvider timeProvider, Activity? parent) : IDisposable
{
    /// <summary>How spans tell of a request that was given up because nobody wanted its answer any more.</summary>
    public const string Cancelled = "cancelled";

    private readonly long _startedAt = timeProvider.GetTimestamp();
    private Activity? _span = parent.StartChild("origin request", ActivityKind.Client);
    private int _status;

    /// <summary>
    /// Tells what is sent, and the origin which span asks (W3C Trace Context). After signing: the signature does not cover it. A client's own signature may, and then what it has signed stays.
    /// </summary>
    public void Propagate(HttpRequestMessage message, bool isSigned)
    {
        if (_span?.Id is not { } id)
        {
            return;
        }

        _span.SetTag("http.request.method", message.Method.Method);
        _span.SetTag("server.address", message.RequestUri?.Host);
        _span.SetTag("server.port", message.RequestUri?.Port);
        _span.SetTag("s3proxy.origin", origin);
        if (isSigned)
        {
            return;
        }

        message.Headers.Remove("traceparent");
        message.Headers.Remove("tracestate");
        message.Headers.TryAddWithoutValidation("traceparent", id);
        if (_span.TraceStateString is { Length: > 0 } state)
        {
            message.Headers.TryAddWithoutValidation("tracestate", state);
        }
    }

    /// <summary>The headers came.</summary>
    public void Answered(int status)
    {
        _status = status;
        metrics.OriginFirstByte(origin, status, timeProvider.GetElapsedTime(_startedAt));
        _span?.SetTag("http.response.status_code", status);
    }

    /// <summary>No headers will come, or they came and nothing more: then the answer ended with them.</summary>
    public void Failed(string error)
    {
        _span.End(error);
        _span = null;
        Dispose();
    }

    public void Dispose()
    {
        if (_status != 0)
        {
            metrics.OriginEnded(origin, _status, timeProvider.GetElapsedTime(_startedAt));
            _span.End(_status >= 500 ? _status.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
            _status = 0;
        }

        _span = null;
    }
}
