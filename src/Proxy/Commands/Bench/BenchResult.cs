using System.Text.Json;

namespace S3Proxy.Commands.Bench;

/// <summary>What a run came to.</summary>
/// <param name="Plan">What was measured.</param>
/// <param name="Tally">All reads.</param>
/// <param name="Elapsed">From the first read to the end of the last.</param>
/// <param name="HasReached">Whether anything answered.</param>
internal sealed record BenchResult(BenchPlan Plan, BenchTally Tally, TimeSpan Elapsed, bool HasReached)
{
    /// <summary>The shares that are told.</summary>
    public static readonly IReadOnlyList<(string Name, double Share)> Quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)];

    public double RequestsPerSecond => Elapsed > TimeSpan.Zero ? Tally.Succeeded / Elapsed.TotalSeconds : 0;

    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? Tally.Bytes / Elapsed.TotalSeconds : 0;

    /// <summary>Writes it as properties of the object that is open.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("targets", Plan.Targets.Count);
        json.WriteNumber("concurrency", Plan.Concurrency);
        json.WriteBoolean("signed", Plan.Credentials is not null);
        json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        json.WriteNumber("succeeded", Tally.Succeeded);
        json.WriteNumber("failed", Tally.Failed);
        json.WriteNumber("bytes", Tally.Bytes);
        json.WriteNumber("requestsPerSecond", Math.Round(RequestsPerSecond, 1));
        json.WriteNumber("bytesPerSecond", Math.Round(BytesPerSecond));
        WriteLatency(json, "firstByteSeconds", Tally.FirstByte);
        WriteLatency(json, "wholeSeconds", Tally.Whole);
        WriteCounts(json, "outcomes", Tally.Outcomes);
        WriteCounts(json, "failures", Tally.Failures);
    }

    private static void WriteLatency(Utf8JsonWriter json, string name, LatencyHistogram latency)
    {
        if (latency.Count == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        foreach ((string quantile, double share) in Quantiles)
        {
            json.WriteNumber(quantile, Math.Round(latency.Quantile(share)!.Value.TotalSeconds, 6));
        }

        json.WriteNumber("max", Math.Round(latency.Max.TotalSeconds, 6));
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, long>> counts)
    {
        json.WriteStartObject(name);
        foreach ((string kind, long count) in counts)
        {
            json.WriteNumber(kind, count);
        }

        json.WriteEndObject();
    }
}
