namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>A span as a collector got it.</summary>
internal sealed record CollectedSpan(
    string TraceId, string SpanId, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<(string TraceId, string SpanId)> Links)
{
    public const int Internal = 1;
    public const int Server = 2;
    public const int Client = 3;

    /// <summary>A Span of opentelemetry/proto/trace/v1/trace.proto.</summary>
    public static CollectedSpan Read(ProtoMessage span) => new(
        span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6),
        span.Messages(9).ToDictionary(tag => tag.Text(1), tag => ValueOf(tag.Messages(2).Single())),
        [.. span.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))]);

    private static string ValueOf(ProtoMessage value) => value.Text(1).Length > 0 ? value.Text(1) : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
