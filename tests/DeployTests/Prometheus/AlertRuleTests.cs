using System.Text.Json.Nodes;
using S3Proxy.Testing;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.DeployTests.Prometheus;

/// <summary>The alert rules: each is right, tested both ways, and tells people what to do (requirement O5).</summary>
public sealed class AlertRuleTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-rules-").FullName;

    private static string Cases => File.ReadAllText(Repository.PathOf("tests/DeployTests/Prometheus/alerts.test.yaml"));

    [Fact]
    public async Task Promtool_takes_them()
    {
        if (Promtool() is { } promtool)
        {
            (await promtool.RunAsync("check", "rules", RuleFile.FilePath)).OutputOfSuccess();
        }
    }

    [Fact]
    public async Task They_fire_and_stay_quiet_as_their_cases_say()
    {
        if (Promtool() is { } promtool)
        {
            (await promtool.RunAsync("test", "rules", await CasesForAsync(RuleFile.FilePath))).OutputOfSuccess();
        }
    }

    [Theory]
    [InlineData("== 0", "== 2")]
    [InlineData("> 0.05", "> 0.5")]
    [InlineData("unless (job_origin", "and (job_origin")]
    [InlineData("> 0.9", "> 0.99")]
    public async Task A_rule_that_was_changed_fails_its_cases(string text, string other)
    {
        if (Promtool() is not { } promtool)
        {
            return;
        }

        string changed = Path.Combine(_directory, "changed.yaml");
        string rules = await File.ReadAllTextAsync(RuleFile.FilePath);
        Assert.Contains(text, rules, StringComparison.Ordinal);
        await File.WriteAllTextAsync(changed, rules.Replace(text, other, StringComparison.Ordinal));
        ProgramResult tested = await promtool.RunAsync("test", "rules", await CasesForAsync(changed));
        Assert.False(tested.Succeeded);
    }

    [Fact]
    public void Every_alert_has_a_case_that_fires_and_one_that_stays_quiet()
    {
        string[] names = [.. Yaml.ReadAll(Cases).Single()["tests"]!.AsArray().Select(one => one!["name"]!.GetValue<string>())];
        Assert.All(RuleFile.Alerts.Select(RuleFile.NameOf), alert =>
        {
            Assert.Contains($"{alert} fires", names);
            Assert.Contains($"{alert} stays quiet", names);
        });
    }

    [Fact]
    public void Every_alert_tells_what_it_means_and_where_its_runbook_is()
    {
        string[] headings = [.. File.ReadLines(Repository.PathOf("docs/operations.md")).Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..].Trim())];
        Assert.All(RuleFile.Alerts, alert =>
        {
            string name = RuleFile.NameOf(alert);
            JsonNode annotations = alert["annotations"]!;
            Assert.NotEmpty(annotations["summary"]!.GetValue<string>());
            Assert.NotEmpty(annotations["description"]!.GetValue<string>());
            Assert.Contains(alert["labels"]!["severity"]!.GetValue<string>(), (string[])["critical", "warning"]);
            Assert.Equal($"docs/operations.md#{name.ToLowerInvariant()}", annotations["runbook_url"]!.GetValue<string>());
            Assert.Contains(name, headings);
        });
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> CasesForAsync(string rules)
    {
        string file = Path.Combine(_directory, "cases.yaml");
        await File.WriteAllTextAsync(file, Cases.Replace("[RULES]", $"[{rules}]", StringComparison.Ordinal));
        return file;
    }

    private InstalledProgram? Promtool()
    {
        InstalledProgram? promtool = InstalledProgram.Find("promtool", _directory);
        if (promtool is null)
        {
            output.WriteLine("Not run: promtool is not installed (Debian: prometheus).");
        }

        return promtool;
    }
}
