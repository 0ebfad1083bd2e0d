using System.Reflection;
using System.Text.Json;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Admin;

/// <summary>What <c>/admin/overview</c> tells: the state of this replica in one document (requirement O5). Thread-safe.</summary>
/// <remarks>Everything that is counted comes from the metrics; what stands here beside it are sums and ratios of theirs.</remarks>
/// <param name="readiness">Whether new requests should be sent here.</param>
/// <param name="timeProvider">The only clock used; uptime begins with this.</param>
internal sealed class OverviewDocument(ReadinessState readiness, TimeProvider timeProvider)
{
    private const string CertificateEnd = "s3proxy_tls_certificate_expiry_timestamp_seconds";

    /// <summary>Those of object reads.</summary>
    private static readonly CacheOutcome[] Outcomes = [.. Enum.GetValues<CacheOutcome>().Where(outcome => outcome != CacheOutcome.Refused)];

    private readonly long _startedAt = timeProvider.GetTimestamp();

    private static string Version => typeof(OverviewDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Writes the document as properties of the object that is open.</summary>
    public void Write(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteString("version", Version);
        json.WriteString("time", timeProvider.GetUtcNow());
        json.WriteNumber("uptimeSeconds", Math.Round(timeProvider.GetElapsedTime(_startedAt).TotalSeconds, 1));
        json.WriteString("state", readiness.IsReady ? "ready" : readiness.IsStopping ? "stopping" : "starting");
        WriteRequests(json, samples);
        WriteBytes(json, samples);
        WriteCost(json, samples);
        WriteLatency(json, samples);
        WriteOrigins(json, samples);
        WriteFlights(json, samples);
        WriteMemory(json, samples);
        WriteFleet(json, samples);
        WriteRefused(json, samples);
        WriteReloads(json, samples);
        WriteCertificates(json, samples);
    }

    private static void WriteRequests(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteStartObject("requests");
        json.WriteNumber("total", samples.Sum("s3proxy_requests_total"));
        json.WriteStartObject("byOutcome");
        foreach (CacheOutcome outcome in Outcomes)
        {
            json.WriteNumber(outcome.ToWire(), CountOf(samples, outcome));
        }

        json.WriteEndObject();
        double hits = CountOf(samples, CacheOutcome.Hit) + CountOf(samples, CacheOutcome.Revalidated) + CountOf(samples, CacheOutcome.Stale);
        double coalesced = CountOf(samples, CacheOutcome.Coalesced);
        double cacheable = hits + coalesced + CountOf(samples, CacheOutcome.Miss);
        WriteRatio(json, "hitRatio", hits, cacheable);
        WriteRatio(json, "savedRatio", hits + coalesced, cacheable);
        json.WriteNumber("saved", samples.Sum("s3proxy_saved_requests_total"));
        json.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteStartObject("bytes");
        json.WriteNumber("served", samples.Sum("s3proxy_served_bytes_total"));
        json.WriteNumber("fromOrigin", samples.Sum("s3proxy_origin_bytes_total"));
        json.WriteNumber("saved", samples.Sum("s3proxy_saved_bytes_total"));
        json.WriteEndObject();
    }

    /// <summary>Null where no prices are configured, and before the first read.</summary>
    private static void WriteCost(Utf8JsonWriter json, PrometheusSamples samples)
    {
        if (!samples.Has("s3proxy_saved_cost_total"))
        {
            json.WriteNull("cost");
            return;
        }

        json.WriteStartObject("cost");
        json.WriteNumber("saved", samples.Sum("s3proxy_saved_cost_total"));
        json.WriteString("currency", samples.Values("currency")[0]);
        json.WriteEndObject();
    }

    private static void WriteLatency(Utf8JsonWriter json, PrometheusSamples samples)
    {
        (string, string) operation = ("operation", "get");
        json.WriteStartObject("latency");
        WriteQuantiles(json, "firstByteSeconds", samples, "s3proxy_first_byte_seconds", operation);
        WriteQuantiles(json, "durationSeconds", samples, "s3proxy_request_duration_seconds", operation);
        json.WriteStartObject("firstByteSecondsByOutcome");
        foreach (CacheOutcome outcome in Outcomes)
        {
            WriteQuantiles(json, outcome.ToWire(), samples, "s3proxy_first_byte_seconds", operation, ("outcome", outcome.ToWire()));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Null before the first value.</summary>
    private static void WriteQuantiles(Utf8JsonWriter json, string name, PrometheusSamples samples, string histogram, params (string Label, string Value)[] of)
    {
        if (samples.Quantile(histogram, 0.5, of) is not { } median || samples.Quantile(histogram, 0.99, of) is not { } slow)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("p50", Math.Round(median, 6));
        json.WriteNumber("p99", Math.Round(slow, 6));
        json.WriteEndObject();
    }

    private static void WriteOrigins(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteNumber("originRequests", samples.Sum("s3proxy_origin_requests_total"));
        json.WriteStartArray("origins");
        foreach (string origin in samples.Values("origin"))
        {
            json.WriteStartObject();
            json.WriteString("origin", origin);
            json.WriteNumber("requests", samples.Sum("s3proxy_origin_requests_total", "origin", origin));
            json.WriteNumber("bytes", samples.Sum("s3proxy_origin_bytes_total", "origin", origin));
            json.WriteNumber("failures", samples.Sum("s3proxy_origin_failures_total", "origin", origin));
            json.WriteNumber("repeats", samples.Sum("s3proxy_origin_repeats_total", "origin", origin));
            json.WriteNumber("hedges", samples.Sum("s3proxy_origin_hedges_total", "origin", origin));
            json.WriteNumber("slotsUsed", samples.Sum("s3proxy_origin_slots_used", "origin", origin));
            json.WriteNumber("slotsLimit", samples.Sum("s3proxy_origin_slots_limit", "origin", origin));
            json.WriteNumber("slotsWaiting", samples.Sum("s3proxy_origin_slots_waiting", "origin", origin));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFlights(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteStartObject("flights");
        json.WriteNumber("live", samples.Sum("s3proxy_flights"));
        json.WriteNumber("led", CountOf(samples, CacheOutcome.Miss));
        json.WriteNumber("joined", CountOf(samples, CacheOutcome.Coalesced));
        json.WriteNumber("refreshesActive", samples.Sum("s3proxy_refreshes_active"));
        json.WriteNumber("uncacheable", samples.Sum("s3proxy_uncacheable"));
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteStartObject("memory");
        json.WriteNumber("usedBytes", samples.Sum("s3proxy_memory_bytes", "kind", "used"));
        json.WriteNumber("reservedBytes", samples.Sum("s3proxy_memory_bytes", "kind", "reserved"));
        json.WriteNumber("budgetBytes", samples.Sum("s3proxy_memory_bytes", "kind", "budget"));
        json.WriteNumber("objects", samples.Sum("s3proxy_objects"));
        json.WriteNumber("slices", samples.Sum("s3proxy_slices"));
        json.WriteNumber("evictions", samples.Sum("s3proxy_evictions_total"));
        json.WriteEndObject();
    }

    /// <summary>Null where no Redis is configured.</summary>
    private static void WriteFleet(Utf8JsonWriter json, PrometheusSamples samples)
    {
        if (!samples.Has("s3proxy_redis_available"))
        {
            json.WriteNull("fleet");
            return;
        }

        json.WriteStartObject("fleet");
        json.WriteBoolean("redisAvailable", samples.Sum("s3proxy_redis_available") > 0);
        json.WriteBoolean("hearing", samples.Sum("s3proxy_fleet_hearing") > 0);
        json.WriteNumber("members", samples.Sum("s3proxy_fleet_members"));
        json.WriteNumber("runs", samples.Sum("s3proxy_fleet_runs"));
        json.WriteNumber("journal", samples.Sum("s3proxy_fleet_journal"));
        json.WriteNumber("commands", samples.Sum("s3proxy_redis_commands_total"));
        json.WriteNumber("commandsFailed", samples.Sum("s3proxy_redis_commands_total") - samples.Sum("s3proxy_redis_commands_total", "result", "ok"));
        json.WriteNumber("fillsQueuedBytes", samples.Sum("s3proxy_redis_fills_queued_bytes"));
        json.WriteEndObject();
    }

    private static void WriteRefused(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteStartObject("refused");
        json.WriteNumber("authentication", samples.Sum("s3proxy_auth_failures_total"));
        json.WriteNumber("uploads", samples.Sum("s3proxy_uploads_refused_total"));
        json.WriteNumber("rateLimit", samples.Sum("s3proxy_limited_total", "kind", "rate"));
        json.WriteNumber("concurrencyLimit", samples.Sum("s3proxy_limited_total", "kind", "concurrency"));
        json.WriteEndObject();
    }

    /// <summary>Null where the configuration did not come from a file.</summary>
    private static void WriteReloads(Utf8JsonWriter json, PrometheusSamples samples)
    {
        if (!samples.Has("s3proxy_config_last_reload_successful"))
        {
            json.WriteNull("reloads");
            return;
        }

        json.WriteStartObject("reloads");
        json.WriteBoolean("lastSuccessful", samples.Sum("s3proxy_config_last_reload_successful") > 0);
        json.WriteString("lastSuccess", TimeOf(samples.Sum("s3proxy_config_last_reload_success_timestamp_seconds")));
        json.WriteNumber("applied", samples.Sum("s3proxy_config_reloads_total", "result", "applied"));
        json.WriteNumber("unchanged", samples.Sum("s3proxy_config_reloads_total", "result", "unchanged"));
        json.WriteNumber("refused", samples.Sum("s3proxy_config_reloads_total", "result", "refused"));
        json.WriteEndObject();
    }

    private void WriteCertificates(Utf8JsonWriter json, PrometheusSamples samples)
    {
        json.WriteStartArray("certificates");
        foreach (string port in samples.Has(CertificateEnd) ? samples.Values("port") : [])
        {
            DateTimeOffset end = TimeOf(samples.Sum(CertificateEnd, "port", port));
            json.WriteStartObject();
            json.WriteString("port", port);
            json.WriteString("ends", end);
            json.WriteNumber("secondsLeft", Math.Round((end - timeProvider.GetUtcNow()).TotalSeconds));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static DateTimeOffset TimeOf(double unixSeconds) => DateTimeOffset.FromUnixTimeSeconds((long)unixSeconds);

    private static double CountOf(PrometheusSamples samples, CacheOutcome outcome) => samples.Sum("s3proxy_requests_total", "outcome", outcome.ToWire());

    private static void WriteRatio(Utf8JsonWriter json, string name, double part, double whole)
    {
        if (whole > 0)
        {
            json.WriteNumber(name, Math.Round(part / whole, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
