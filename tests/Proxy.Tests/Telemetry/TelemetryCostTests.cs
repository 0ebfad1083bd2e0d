using System.Buffers;
using System.Diagnostics.Metrics;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Responding;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.AccessLogs;
using S3Proxy.Telemetry.Requests;
using S3Proxy.Testing;
using S3Proxy.Tests.Configuration;
using S3Proxy.Tests.Fetching;
using S3Proxy.Tests.Telemetry.AccessLogs;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Telemetry;

/// <summary>Requirement O10: what telemetry costs a request, one thread. Allocations are asserted; times, of interleaved rounds, are told.</summary>
public sealed class TelemetryCostTests(ITestOutputHelper output)
{
    private const int Rounds = 9;
    private const int Calls = 20_000;

    private static readonly RequestSummary Hit = new(OperationGroup.Get, "GetObject", CacheOutcome.Hit, AnswerTier.Memory, RequestReason.None, FlightRole.None);
    private static readonly TimeSpan Elapsed = TimeSpan.FromMicroseconds(180);

    [Fact]
    public void What_a_hit_counts_allocates_nothing()
    {
        using MetricsBench bench = new();
        using FetchBench reads = new();
        RequestTelemetry telemetry = new(bench.Metrics, TimeProvider.System, accessLog: null, tracing: null);
        ReadContext read = reads.Read();
        ProxyRequest request = new()
        {
            Snapshot = new ProxySnapshot(Configurations.Valid(Configurations.Least)),
            S3 = read.Request,
            Identity = Identity.Anonymous,
            Route = read.Route,
            Origin = FetchBench.OriginConfiguration,
            Payload = default,
            Read = read,
        };
        long receivedAt = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, AllocationBudgets.BytesPerCall(Calls, Count));

        void Count()
        {
            RequestObservation? observation = telemetry.Begin(read.Http, request.Snapshot, receivedAt);
            RequestTelemetry.Allow(read.Http, request.Snapshot, observation, request.Identity);
            read.Answer(CacheOutcome.Hit, Elapsed);
            Assert.True(read.TryTakeFirstByte(out TimeSpan firstByte));
            bench.Metrics.FirstByte(read.Request.Operation, CacheOutcome.Hit, read.Tier, firstByte);
            bench.Metrics.Served(read.Request.Operation, CacheOutcome.Hit, 1024);
            telemetry.End(read.Http, request.S3, request, RequestReason.None, receivedAt, observation);
        }
    }

    [Fact]
    public void The_cost_of_a_hit_is_told()
    {
        using MetricsBench bench = new();
        Meter meter = bench.MeterFactory.Create(ProxyMetrics.MeterName);
        Counter<long> requests = meter.CreateCounter<long>("cost.requests");
        Counter<long> bytes = meter.CreateCounter<long>("cost.bytes");
        Histogram<double> seconds = meter.CreateHistogram<double>("cost", "s");
        KeyValuePair<string, object?> operation = new("operation", "get");
        KeyValuePair<string, object?> outcome = new("outcome", "HIT");
        KeyValuePair<string, object?> tier = new("tier", "memory");
        ArrayBufferWriter<byte> line = new(1024);
        AccessRecord record = AccessRecords.Record("llama/weights-00001-of-00030.safetensors");
        (string Name, Action Call)[] parts =
        [
            ("requests, bytes and two durations, instruments of the SDK", () =>
            {
                requests.Add(1, operation, outcome);
                bytes.Add(1024, outcome);
                seconds.Record(Elapsed.TotalSeconds, operation, outcome, tier);
                seconds.Record(Elapsed.TotalSeconds, operation, outcome, tier);
            }),
            ("the same, cells of the processor", () => CountHit(bench)),
            ("a line of JSON, in the background", () => Write(line, record, AccessLogFormat.Json)),
            ("a line of the common format, in the background", () => Write(line, record, AccessLogFormat.Common)),
        ];

        Dictionary<string, List<double>> nanoseconds = parts.ToDictionary(part => part.Name, _ => new List<double>());
        for (int round = -3; round < Rounds; round++)
        {
            foreach ((string name, Action call) in parts)
            {
                double each = Measure(call);
                if (round >= 0)
                {
                    nanoseconds[name].Add(each);
                }
            }
        }

        foreach ((string name, List<double> rounds) in nanoseconds)
        {
            output.WriteLine($"{rounds.Order().ElementAt(Rounds / 2),8:F0} ns  {name}");
        }
    }

    private static void CountHit(MetricsBench bench)
    {
        bench.Metrics.Served(S3Operation.GetObject, CacheOutcome.Hit, 1024);
        bench.Metrics.FirstByte(S3Operation.GetObject, CacheOutcome.Hit, AnswerTier.Memory, Elapsed);
        bench.Metrics.RequestEnded(Hit, Elapsed);
    }

    private static double Measure(Action call)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        return TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / Calls;
    }

    private static void Write(ArrayBufferWriter<byte> line, AccessRecord record, AccessLogFormat format)
    {
        line.ResetWrittenCount();
        AccessLine.Write(line, record, format);
    }
}
