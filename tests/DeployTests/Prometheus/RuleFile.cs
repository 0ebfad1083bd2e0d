using System.Text.Json.Nodes;
using S3Proxy.Testing;

namespace S3Proxy.DeployTests.Prometheus;

/// <summary>The alert and recording rules of the repository.</summary>
internal static class RuleFile
{
    public static string FilePath => Repository.PathOf("config/prometheus/alerts.yaml");

    public static IReadOnlyList<JsonNode> Rules { get; } =
        [.. Yaml.ReadAll(File.ReadAllText(FilePath)).Single()["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];

    public static IEnumerable<JsonNode> Alerts => Rules.Where(rule => rule["alert"] is not null);

    public static string NameOf(JsonNode alert) => alert["alert"]!.GetValue<string>();

    public static string ExpressionOf(JsonNode rule) => rule["expr"]!.GetValue<string>();
}
