using System.Text.Json;
using System.Text.Json.Nodes;
using S3Proxy.Testing;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.DeployTests.Prometheus;

/// <summary>The Grafana dashboard, and the names that it and the rules ask for (requirement O5).</summary>
public sealed class DashboardTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-dashboard-").FullName;
    private readonly JsonNode _dashboard = JsonNode.Parse(File.ReadAllText(Repository.PathOf("config/grafana/s3proxy.json")))!;

    private IEnumerable<JsonNode> Panels => _dashboard["panels"]!.AsArray().Select(panel => panel!);

    private IEnumerable<string> Expressions => Panels.SelectMany(panel => panel["targets"]?.AsArray() ?? []).Select(target => target!["expr"]!.GetValue<string>());

    [Fact]
    public async Task Every_expression_is_PromQL()
    {
        if (InstalledProgram.Find("promtool", _directory) is not { } promtool)
        {
            output.WriteLine("Not run: promtool is not installed (Debian: prometheus).");
            return;
        }

        string[] expressions = [.. Expressions.Select(PromQl.WithoutVariables)];
        Assert.True(expressions.Length > 40);
        Assert.All(expressions, expression => Assert.DoesNotContain("$", expression, StringComparison.Ordinal));
        string file = Path.Combine(_directory, "expressions.yaml");
        // JSON is YAML; each expression as the rule of a record.
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            groups = new[] { new { name = "dashboard", rules = expressions.Select((expr, i) => new { record = $"panel:{i}", expr }) } },
        }));
        (await promtool.RunAsync("check", "rules", file)).OutputOfSuccess();
    }

    [Fact]
    public async Task Every_metric_exists_or_is_awaited()
    {
        IReadOnlySet<string> known = await KnownMetrics.ReadAsync();
        string[] awaited =
        [
            .. File.ReadLines(Repository.PathOf("tests/DeployTests/Prometheus/awaited-metrics.txt")).Where(line => line.Length > 0 && line[0] != '#'),
        ];
        string[] used = [.. Expressions.Concat(RuleFile.Rules.Select(RuleFile.ExpressionOf)).SelectMany(PromQl.MetricsOf).Select(PromQl.FamilyOf).Distinct(StringComparer.Ordinal)];
        Assert.Contains("s3proxy_requests_total", used);
        Assert.All(used, metric => Assert.True(known.Contains(metric) || awaited.Contains(metric), $"No proxy tells {metric}."));
        Assert.All(awaited, metric => Assert.Contains(metric, used));
        foreach (string metric in awaited.Where(known.Contains))
        {
            output.WriteLine($"{metric} is there now: take it out of awaited-metrics.txt.");
        }
    }

    [Fact]
    public void Panels_have_their_own_place_and_name_and_say_what_they_show()
    {
        JsonNode[] panels = [.. Panels];
        Assert.Equal(panels.Length, panels.Select(panel => panel["id"]!.GetValue<int>()).Distinct().Count());
        HashSet<(int X, int Y)> taken = [];
        Assert.All(panels, panel =>
        {
            JsonNode place = panel["gridPos"]!;
            (int x, int y, int width, int height) = (place["x"]!.GetValue<int>(), place["y"]!.GetValue<int>(), place["w"]!.GetValue<int>(), place["h"]!.GetValue<int>());
            Assert.InRange(x + width, 1, 24);
            Assert.All(Enumerable.Range(0, width * height), i => Assert.True(taken.Add((x + (i % width), y + (i / width))), $"{panel["title"]} covers another."));
            if (panel["type"]!.GetValue<string>() != "row")
            {
                Assert.NotEmpty(panel["description"]!.GetValue<string>());
                Assert.NotEmpty(panel["targets"]!.AsArray());
                Assert.Equal("${datasource}", panel["datasource"]!["uid"]!.GetValue<string>());
            }
        });
        string[] rows = [.. panels.Where(panel => panel["type"]!.GetValue<string>() == "row").Select(panel => panel["title"]!.GetValue<string>())];
        Assert.Equal(["Overview", "Latency", "Origin", "Flights", "Memory", "Redis and fleet", "Configuration and process"], rows);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
