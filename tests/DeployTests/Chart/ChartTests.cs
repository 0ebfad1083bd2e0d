using System.Xml.Linq;
using S3Proxy.Testing;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.DeployTests.Chart;

/// <summary>The chart as Helm and Kubernetes' types see it (requirement O7).</summary>
public sealed class ChartTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-chart-").FullName;

    [Theory]
    [ClassData(typeof(ValuesFiles))]
    public async Task It_is_clean_with_every_values_file(string valuesFile)
    {
        if (await Helm.FindAsync() is not { } helm)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        ProgramResult lint = await helm.LintAsync(Helm.PathOfValues(valuesFile));
        Assert.True(lint.Succeeded, lint.Output + lint.Error);
    }

    [Fact]
    public async Task All_that_it_makes_has_the_types_of_Kubernetes()
    {
        if (await Helm.FindAsync() is null)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        foreach (string valuesFile in Helm.ValuesFiles)
        {
            await File.WriteAllTextAsync(Path.Combine(_directory, valuesFile), (await Rendering.OfAsync(valuesFile))!.Text);
        }

        if (await CheckAsync([.. Directory.EnumerateFiles(_directory)]) is not { } check)
        {
            return;
        }

        Assert.True(check.Succeeded, check.Output + check.Error);
        output.WriteLine(check.Output);
    }

    [Fact]
    public async Task A_field_that_does_not_exist_and_a_wrong_type_are_found()
    {
        string file = Path.Combine(_directory, "bad.yaml");
        await File.WriteAllTextAsync(file, """
            apiVersion: v1
            kind: Service
            metadata: { name: unknown-field }
            spec: { ports: [ { port: 80, targetPrt: data } ] }
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: { name: wrong-type }
            spec: { selector: { matchLabels: { a: 1 } } }
            ---
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitor
            metadata: { name: missing-field }
            spec: { endpoints: [] }
            """);
        if (await CheckAsync([file]) is not { } check)
        {
            return;
        }

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("unknown-field", check.Output, StringComparison.Ordinal);
        Assert.Contains("wrong-type", check.Output, StringComparison.Ordinal);
        Assert.Contains("missing-field", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_packed_with_rules_and_dashboard()
    {
        if (await Helm.FindAsync() is not { } helm)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        ProgramResult packed = await helm.PackageAsync(_directory);
        Assert.True(packed.Succeeded, packed.Error);
        string[] entries = [.. await ReadEntriesAsync(Assert.Single(Directory.EnumerateFiles(_directory, "*.tgz")))];
        Assert.Contains("s3proxy/files/alerts.yaml", entries);
        Assert.Contains("s3proxy/files/dashboard.json", entries);
        Assert.DoesNotContain(entries, entry => entry.StartsWith("s3proxy/ci/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_carries_the_very_rules_and_the_very_dashboard()
    {
        if (await Rendering.OfAsync("autoscaling-values.yaml") is not { } rendering)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        string rules = rendering.OfKind("PrometheusRule").Single()["spec"]!.ToJsonString();
        Assert.Equal(Yaml.ReadAll(await File.ReadAllTextAsync(Repository.PathOf("config/prometheus/alerts.yaml"))).Single().ToJsonString(), rules);
        string dashboard = rendering.OfKind("ConfigMap").Single(one => one["metadata"]!["labels"]!["grafana_dashboard"] is not null)["data"]!["s3proxy.json"]!.GetValue<string>();
        Assert.Equal((await File.ReadAllTextAsync(Repository.PathOf("config/grafana/s3proxy.json"))).TrimEnd(), dashboard.TrimEnd());
    }

    [Fact]
    public async Task Chart_and_image_are_of_the_version_of_the_proxy()
    {
        string version = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal(version, Yaml.ReadAll(await File.ReadAllTextAsync(Path.Combine(Helm.ChartFolder, "Chart.yaml"))).Single()["appVersion"]!.GetValue<string>());
        Assert.Contains($"ARG VERSION={version}\n", await File.ReadAllTextAsync(Repository.PathOf("Dockerfile")), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<List<string>> ReadEntriesAsync(string archive)
    {
        List<string> entries = [];
        await using FileStream file = File.OpenRead(archive);
        await using System.IO.Compression.GZipStream unzipped = new(file, System.IO.Compression.CompressionMode.Decompress);
        await using System.Formats.Tar.TarReader tar = new(unzipped);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            entries.Add(entry.Name);
        }

        return entries;
    }

    /// <summary>Null where there is no Node.js or no packages.</summary>
    private async Task<ProgramResult?> CheckAsync(string[] files)
    {
        await Helm.FindAsync();
        if (InstalledProgram.Find("node", Helm.PackagesFolder) is not { } node || !Directory.Exists(Path.Combine(Helm.PackagesFolder, "node_modules", "typescript")))
        {
            output.WriteLine("Not checked against Kubernetes' types: there is no Node.js, or no packages (npm ci in tests/DeployTests/manifests).");
            return null;
        }

        return await node.RunAsync(["check.mjs", .. files]);
    }
}
