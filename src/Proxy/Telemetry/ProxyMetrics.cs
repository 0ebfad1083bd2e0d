using System.Diagnostics.Metrics;
using System.Globalization;
using S3Proxy.Fetching;
using S3Proxy.Protocol;

namespace S3Proxy.Telemetry;

/// <summary>What the proxy counts of its requests and its origins. Thread-safe; counting allocates nothing.</summary>
internal sealed class ProxyMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "S3Proxy";

    private const string OutcomeTag = "outcome";
    private const string OriginTag = "origin";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _servedBytes;
    private readonly Histogram<double> _firstByte;
    private readonly Counter<long> _originRequests;
    private readonly Counter<long> _originBytes;
    private readonly Counter<long> _originFailures;
    private readonly Counter<long> _authenticationFailures;
    private readonly Counter<long> _readFailures;
    private readonly KeyValuePair<string, object?>[] _outcomes = [.. Enum.GetValues<CacheOutcome>().Select(outcome => new KeyValuePair<string, object?>(OutcomeTag, outcome.ToWire()))];
    private readonly KeyValuePair<string, object?> _get = new("operation", "get");
    private readonly KeyValuePair<string, object?> _head = new("operation", "head");

    public ProxyMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        _requests = meter.CreateCounter<long>("s3proxy.requests", description: "Reads of objects by operation and outcome.");
        _servedBytes = meter.CreateCounter<long>("s3proxy.served", "By", "Body bytes of reads answered from slices.");
        _firstByte = meter.CreateHistogram("s3proxy.first_byte", "s", "Time from a read's arrival to its first byte being ready.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        });
        _originRequests = meter.CreateCounter<long>("s3proxy.origin.requests", description: "Requests the origins answered.");
        _originBytes = meter.CreateCounter<long>("s3proxy.origin", "By", "Body bytes read from the origins by shared fetches.");
        _originFailures = meter.CreateCounter<long>("s3proxy.origin.failures", description: "Requests an origin did not answer, and transfers it broke off.");
        _readFailures = meter.CreateCounter<long>("s3proxy.read.failures", description: "Reads that failed, by reason.");
        _authenticationFailures = meter.CreateCounter<long>("s3proxy.auth.failures", description: "Requests refused for who sent them, by S3 error code.");
    }

    /// <summary>A read of an object was answered with <paramref name="bytes"/> of body.</summary>
    public void Served(S3Operation operation, CacheOutcome outcome, long bytes)
    {
        KeyValuePair<string, object?> tag = _outcomes[(int)outcome];
        _requests.Add(1, operation == S3Operation.HeadObject ? _head : _get, tag);
        if (bytes > 0)
        {
            _servedBytes.Add(bytes, tag);
        }
    }

    /// <summary>A read was ready to send its first byte.</summary>
    public void FirstByte(CacheOutcome outcome, TimeSpan elapsed) => _firstByte.Record(elapsed.TotalSeconds, _outcomes[(int)outcome]);

    /// <summary>A read failed.</summary>
    public void ReadFailed(S3Operation operation, FetchFailure failure)
    {
        _requests.Add(1, operation == S3Operation.HeadObject ? _head : _get, _outcomes[(int)CacheOutcome.Error]);
        _readFailures.Add(1, new KeyValuePair<string, object?>("reason", failure.ToString()));
    }

    /// <summary>An origin answered.</summary>
    public void OriginAnswered(string origin, HttpMethod method, int status) => _originRequests.Add(
        1, new KeyValuePair<string, object?>(OriginTag, origin), new KeyValuePair<string, object?>("method", method.Method),
        new KeyValuePair<string, object?>("status", status.ToString(CultureInfo.InvariantCulture)));

    /// <summary>An origin did not answer, or broke off.</summary>
    public void OriginFailed(string origin, FetchFailure failure) => _originFailures.Add(
        1, new KeyValuePair<string, object?>(OriginTag, origin), new KeyValuePair<string, object?>("reason", failure.ToString()));

    /// <summary>Bytes came from an origin.</summary>
    public void OriginBytes(string origin, int bytes) => _originBytes.Add(bytes, new KeyValuePair<string, object?>(OriginTag, origin));

    /// <summary>A request was refused for who sent it.</summary>
    public void AuthenticationFailed(S3ErrorCode code) => _authenticationFailures.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));
}
