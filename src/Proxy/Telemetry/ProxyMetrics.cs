using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;
using S3Proxy.Origin.Slots;
using S3Proxy.Protocol;
using S3Proxy.Telemetry.Latency;
using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Telemetry;

/// <summary>
/// What the proxy counts about itself (requirement O3). Instrument names follow OpenTelemetry; Prometheus reads <c>s3proxy.origin.requests</c>
/// as <c>s3proxy_origin_requests_total</c>.
/// </summary>
/// <remarks>
/// Thread-safe. No call allocates, once a combination of labels has been seen. What a hit counts is counted in cells of its processor, without a lock (requirement K2). The meter
/// belongs to the factory.
/// </remarks>
internal sealed class ProxyMetrics
{
    /// <summary>The meter to listen to.</summary>
    public const string MeterName = "S3Proxy";

    private static readonly int Outcomes = Enum.GetValues<CacheOutcome>().Length;

    private static readonly double[] WaitBoundsSeconds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private static readonly KeyValuePair<string, object?> Used = new("kind", "used");
    private static readonly KeyValuePair<string, object?> Reserved = new("kind", "reserved");
    private static readonly KeyValuePair<string, object?> Budget = new("kind", "budget");

    /// <summary>Reads of GetObject by outcome, then those of HeadObject, then bytes by outcome, then all that were answered at once.</summary>
    private readonly LocalCounters _reads = new((3 * Outcomes) + 1);
    private readonly Counter<long> _reasons;
    private readonly Counter<long> _readFailures;
    private readonly Histogram<double> _originFirstByte;
    private readonly Histogram<double> _originDuration;
    private readonly Counter<long> _originRequests;
    private readonly Counter<long> _originBytes;
    private readonly Counter<long> _originFailures;
    private readonly Counter<long> _originRepeats;
    private readonly Counter<long> _originHedges;
    private readonly Histogram<double> _slotWait;
    private readonly Counter<long> _authenticationFailures;
    private readonly Counter<long> _refusedUploads;
    private readonly ConcurrentDictionary<string, OriginSlots> _slots = new(StringComparer.Ordinal);

    public ProxyMetrics(IMeterFactory meterFactory, MemoryTier memory, FlightTables flights)
    {
        Meter meter = meterFactory.Create(MeterName);
        meter.CreateObservableCounter("s3proxy.requests", ReadRequests, "{request}", "Object reads, by how they were answered.");
        meter.CreateObservableCounter("s3proxy.fast_path.requests", () => _reads.Read(3 * Outcomes), "{request}", "Object reads that were answered at once from the bytes of a connection.");
        meter.CreateObservableCounter("s3proxy.served.bytes", ReadBytes, "By", "Body bytes of object reads sent to clients.");
        _reasons = meter.CreateCounter<long>("s3proxy.request.reasons", "{request}", "Requests that were not answered from memory, by what stood in the way.");
        _readFailures = meter.CreateCounter<long>("s3proxy.read.failures", "{request}", "Object reads that failed, by what failed them.");
        InstrumentAdvice<double> waits = new() { HistogramBucketBoundaries = WaitBoundsSeconds };
        _originFirstByte = meter.CreateHistogram("s3proxy.origin.first_byte", "s", "Time from sending a request to an origin to its response headers.", tags: null, waits);
        _originDuration = meter.CreateHistogram("s3proxy.origin.duration", "s", "Time from sending a request to an origin to the end of its answer.", tags: null, waits);
        _originRequests = meter.CreateCounter<long>("s3proxy.origin.requests", "{request}", "Requests that an origin answered.");
        _originBytes = meter.CreateCounter<long>("s3proxy.origin.bytes", "By", "Body bytes that shared fetches read from an origin.");
        _originFailures = meter.CreateCounter<long>("s3proxy.origin.failures", "{request}", "Requests to an origin that failed in transport.");
        _authenticationFailures = meter.CreateCounter<long>("s3proxy.auth.failures", "{request}", "Requests refused for who sent them, by S3 error code.");
        _refusedUploads = meter.CreateCounter<long>("s3proxy.uploads.refused", "{request}", "Requests refused for their body, by S3 error code.");
        _originRepeats = meter.CreateCounter<long>("s3proxy.origin.repeats", "{request}", "Shared reads that were sent again after an answer that may pass.");
        _originHedges = meter.CreateCounter<long>("s3proxy.origin.hedges", "{request}", "Shared reads that were sent a second time because the first byte was late.");
        _slotWait = meter.CreateHistogram("s3proxy.origin.slot_wait", "s", "Time that shared reads waited for their turn at an origin.", tags: null, waits);
        Observe(meter, memory, flights);
        ObserveSlots(meter);
    }

    /// <summary>How long requests took.</summary>
    public LatencyMetrics Latency { get; } = new();

    /// <summary>An object read was answered, with so many body bytes.</summary>
    /// <param name="operation">GetObject or HeadObject.</param>
    /// <param name="outcome">How it was answered.</param>
    /// <param name="bodyBytes">Body bytes handed to the client's connection.</param>
    public void Served(S3Operation operation, CacheOutcome outcome, long bodyBytes)
    {
        CountRead(operation, outcome);
        _reads.Add((2 * Outcomes) + (int)outcome, bodyBytes);
    }

    /// <summary>An object read was answered without the server.</summary>
    public void AnsweredAtOnce() => _reads.Add(3 * Outcomes, 1);

    /// <summary>Response headers were written, so long after the request was received.</summary>
    public void FirstByte(S3Operation operation, CacheOutcome outcome, AnswerTier tier, TimeSpan elapsed) =>
        Latency.FirstByte.Record(new LatencyLabels(OperationGroups.Of(operation), outcome, tier), elapsed);

    /// <summary>A request of the data port ended, so long after it was received.</summary>
    public void RequestEnded(in RequestSummary request, TimeSpan elapsed)
    {
        Latency.Duration.Record(new LatencyLabels(request.Group, request.Outcome, request.Tier), elapsed);
        if (request.Reason != RequestReason.None)
        {
            _reasons.Add(1, MetricTags.Reason(request.Reason));
        }
    }

    /// <summary>An object read failed; it counts as a request with outcome ERROR.</summary>
    public void ReadFailed(S3Operation operation, FetchFailure failure)
    {
        CountRead(operation, CacheOutcome.Error);
        _readFailures.Add(1, MetricTags.Reason(failure));
    }

    /// <summary>An origin answered a request, whatever the status.</summary>
    public void OriginAnswered(string origin, HttpMethod method, int status) =>
        _originRequests.Add(1, MetricTags.Origin(origin), MetricTags.Method(method), MetricTags.Status(status));

    /// <summary>An origin's response headers came so long after the request was sent.</summary>
    public void OriginFirstByte(string origin, int status, TimeSpan elapsed) => _originFirstByte.Record(elapsed.TotalSeconds, MetricTags.Origin(origin), MetricTags.StatusClass(status));

    /// <summary>An origin's answer was read, or given up, so long after the request was sent.</summary>
    public void OriginEnded(string origin, int status, TimeSpan elapsed) => _originDuration.Record(elapsed.TotalSeconds, MetricTags.Origin(origin), MetricTags.StatusClass(status));

    /// <summary>A request to an origin failed in transport.</summary>
    public void OriginFailed(string origin, FetchFailure failure) =>
        _originFailures.Add(1, MetricTags.Origin(origin), MetricTags.Reason(failure));

    /// <summary>A shared read got its turn.</summary>
    public void SlotWaited(string origin, FetchClass of, TimeSpan elapsed) => _slotWait.Record(elapsed.TotalSeconds, MetricTags.Origin(origin), MetricTags.Class(of));

    /// <summary>A shared read is sent again after an answer with <paramref name="status"/>.</summary>
    public void OriginRepeated(string origin, int status) => _originRepeats.Add(1, MetricTags.Origin(origin), MetricTags.Status(status));

    /// <summary>A shared read is sent a second time.</summary>
    public void OriginHedged(string origin) => _originHedges.Add(1, MetricTags.Origin(origin));

    /// <summary>Tells of an origin's slots from now on.</summary>
    public void Watch(string origin, OriginSlots slots) => _slots[origin] = slots;

    /// <summary>Ends <see cref="Watch"/>.</summary>
    public void Unwatch(string origin) => _slots.TryRemove(origin, out _);

    /// <summary>Body bytes came from an origin.</summary>
    public void OriginBytes(string origin, int bodyBytes) => _originBytes.Add(bodyBytes, MetricTags.Origin(origin));

    /// <summary>A request was refused for who sent it.</summary>
    public void AuthenticationFailed(S3ErrorCode code) => _authenticationFailures.Add(1, MetricTags.Code(code));

    /// <summary>A request was refused for its body.</summary>
    public void UploadRefused(S3ErrorCode code) => _refusedUploads.Add(1, MetricTags.Code(code));

    private void CountRead(S3Operation operation, CacheOutcome outcome)
    {
        int first = operation switch
        {
            S3Operation.GetObject => 0,
            S3Operation.HeadObject => Outcomes,
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Only object reads are counted by outcome."),
        };
        _reads.Add(first + (int)outcome, 1);
    }

    private IEnumerable<Measurement<long>> ReadRequests()
    {
        for (int i = 0; i < 2 * Outcomes; i++)
        {
            if (_reads.Read(i) is > 0 and long count)
            {
                yield return new Measurement<long>(count, MetricTags.Operation(i < Outcomes ? S3Operation.GetObject : S3Operation.HeadObject), MetricTags.Outcome((CacheOutcome)(i % Outcomes)));
            }
        }
    }

    private IEnumerable<Measurement<long>> ReadBytes()
    {
        for (int i = 0; i < Outcomes; i++)
        {
            // Together with its requests, so that a rate of bytes begins when they do.
            if (_reads.Read(i) + _reads.Read(Outcomes + i) > 0)
            {
                yield return new Measurement<long>(_reads.Read((2 * Outcomes) + i), MetricTags.Outcome((CacheOutcome)i));
            }
        }
    }

    /// <summary>What is read when someone looks, instead of counted when it happens. The meter keeps these instruments alive.</summary>
    private static void Observe(Meter meter, MemoryTier memory, FlightTables flights)
    {
        meter.CreateObservableGauge("s3proxy.flights", () => flights.InFlightCount, "{flight}", "Shared fetches that have not ended.");
        meter.CreateObservableCounter("s3proxy.refreshes", () => RefreshesOf(flights), "{refresh}", "Background refreshes, by how they ended.");
        meter.CreateObservableGauge("s3proxy.refreshes.active", () => flights.Refreshes.Active, "{refresh}", "Background refreshes under way.");
        meter.CreateObservableGauge("s3proxy.uncacheable", () => flights.Uncacheable.Count, "{object}", "Objects whose reads are forwarded because their answer could not be shared.");
        meter.CreateObservableCounter(
            "s3proxy.uncacheable.dropped", () => flights.Uncacheable.Dropped, "{object}", "Objects that could not be remembered as uncacheable for want of room.");
        meter.CreateObservableGauge("s3proxy.memory", () => MemoryOf(memory), "By", "Memory of cached and in-flight bodies and of metadata.");
        meter.CreateObservableGauge("s3proxy.memory.pages", () => memory.PageMemoryBytes, "By", "Memory of the pages made so far, in use or not.");
        meter.CreateObservableCounter("s3proxy.evictions", () => memory.Evictions, "{entry}", "Entries evicted from memory for want of room.");
        meter.CreateObservableGauge("s3proxy.objects", () => memory.ObjectCount, "{object}", "Objects whose metadata is in memory.");
        meter.CreateObservableGauge("s3proxy.slices", () => memory.SliceCount, "{slice}", "Slices in memory.");
    }

    private static Measurement<long>[] RefreshesOf(FlightTables flights) =>
        [.. Enum.GetValues<RefreshResult>().Select(result => new Measurement<long>(flights.Refreshes.CountOf(result), MetricTags.Result(result)))];

    private void ObserveSlots(Meter meter)
    {
        meter.CreateObservableGauge("s3proxy.origin.slots.used", () => SlotsOf(static slots => slots.InUse), "{slot}", "Transfers of shared reads that are open at an origin.");
        meter.CreateObservableGauge("s3proxy.origin.slots.limit", () => SlotsOf(static slots => slots.Limit), "{slot}", "How many may be open at the moment.");
        meter.CreateObservableGauge(
            "s3proxy.origin.slots.waiting",
            () => SlotsOf(static slots => slots.Waiting(FetchClass.Demand) + slots.Waiting(FetchClass.ReadAhead)),
            "{request}",
            "Shared reads that wait for their turn.");
    }

    private IEnumerable<Measurement<long>> SlotsOf(Func<OriginSlots, long> value) =>
        _slots.Select(origin => new Measurement<long>(value(origin.Value), MetricTags.Origin(origin.Key)));

    private static Measurement<long>[] MemoryOf(MemoryTier memory) =>
        [new(memory.UsedBytes, Used), new(memory.ReservedBytes, Reserved), new(memory.BudgetBytes, Budget)];
}
