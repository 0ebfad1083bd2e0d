using static S3Proxy.Configuration.Schema.ValueKind;

namespace S3Proxy.Configuration.Schema;

/// <summary>The keys of <c>telemetry</c>, <c>log</c> and <c>accessLog</c>; part of <see cref="ConfigurationKeys"/>.</summary>
internal static class TelemetryKeys
{
    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error", "critical", "none"];

    /// <summary>In the order of the documentation.</summary>
    public static IEnumerable<ConfigurationKey> All() => [.. Telemetry().Select(FixedAtStart), .. Log().Select(FixedAtStart), .. AccessLog().Select(FixedAtStart)];

    /// <summary>Who may have a trail is asked for each request; everything else is made once. A mapping matters by what is in it, but for the collector's.</summary>
    private static ConfigurationKey FixedAtStart(ConfigurationKey key) =>
        key.Pattern == "telemetry.trail" || (key.Kind is Mapping or NamedMapping && key.Pattern != "telemetry.otlp") ? key : key with { NeedsRestart = true };

    private static IEnumerable<ConfigurationKey> Telemetry() =>
    [
        new("telemetry", Mapping, null, "What the proxy tells of itself ([telemetry.md](telemetry.md))."),
        new("telemetry.maxTenants", Integer, "1024", "Pairs of bucket and client that are counted by themselves. Further ones are counted together, as `other`.") { Range = ("1", "1900") },
        new("telemetry.trail", Choice, "keys",
            "Who gets `x-s3proxy-trail` for `x-s3proxy-explain: 1`. `keys`: clients whose signature the proxy has checked. `all`: anonymous clients too. Nobody with `auth.mode: passthrough`.")
            { Choices = ["off", "keys", "all"] },
        new("telemetry.prices", Mapping, null, "What the origin's provider asks, for `s3proxy_saved_cost_total`. With both prices 0 there is no such metric."),
        new("telemetry.prices.currency", Text, "USD", "Label of the metric, three capital letters."),
        new("telemetry.prices.perThousandGets", ValueKind.Decimal, "0", "Price of a thousand GETs, such as `0.0004`.") { Range = ("0", "1000000") },
        new("telemetry.prices.perGiBEgress", ValueKind.Decimal, "0", "Price of a GiB of egress, such as `0.09`.") { Range = ("0", "1000000") },
        new("telemetry.otlp", Mapping, null, "Where metrics and traces are sent. Absent: nowhere."),
        new("telemetry.otlp.endpoint", Url, null, "The collector, `http://HOST:PORT` or `https://HOST:PORT`.") { MissingMessage = "is missing: write the collector, such as http://127.0.0.1:4317" },
        new("telemetry.otlp.protocol", Choice, "grpc", "`grpc`, or `http` for binary Protobuf to `/v1/metrics` and `/v1/traces`.") { Choices = ["grpc", "http"] },
        new("telemetry.otlp.headersFile", Text, null, "File with lines `NAME: VALUE` that are sent with each export, such as a token; a relative path starts at the configuration file.") { LeadsToSecret = true },
        new("telemetry.otlp.metrics", Flag, "true", "Whether metrics are sent."),
        new("telemetry.otlp.traces", Flag, "true", "Whether traces are made and sent."),
        new("telemetry.otlp.interval", ValueKind.Duration, "60s", "How often metrics are sent.") { Range = ("1s", "10m") },
        new("telemetry.otlp.sampleRatio", Share, "100%", "Share of requests that are traced where the client's `traceparent` has not decided.") { Range = ("0%", "100%") },
        new("telemetry.otlp.objectKeys", Flag, "false", "Whether spans tell the object's key."),
    ];

    private static IEnumerable<ConfigurationKey> Log() =>
    [
        new("log", Mapping, null, "The log on standard error."),
        new("log.format", Choice, "text", "`text`: one line a message. `json`: one JSON object a line.") { Choices = ["text", "json"] },
        new("log.level", Choice, "information", "Least level that is written.") { Choices = Levels },
        new("log.categories", NamedMapping, null, "Levels that differ, by the beginning of a category's name, such as `S3Proxy.Fetching`."),
        new("log.categories.*", Choice, null, "Least level of these categories.") { Choices = Levels },
    ];

    private static IEnumerable<ConfigurationKey> AccessLog() =>
    [
        new("accessLog", Mapping, null, "One line for each request on the data port."),
        new("accessLog.format", Choice, "off", "`json`: one JSON object a line. `common`: the combined format of web servers. `off`: none.") { Choices = ["json", "common", "off"] },
        new("accessLog.path", Text, null, "File to append to, opened again on SIGHUP; a relative path starts at the configuration file. Absent: standard output."),
        new("accessLog.sample", Share, "100%", "Share of requests that are written, drawn at random. Failures of the proxy and the origin (5xx) always are.") { Range = ("0%", "100%") },
        new("accessLog.queue", Integer, "65536", "Lines that may wait to be written. What comes while so many wait is dropped and counted.") { Range = ("1", "1048576") },
    ];
}
