using System.Text.RegularExpressions;
using S3Proxy.Configuration.Schema;
using S3Proxy.DeployTests.Prometheus;
using S3Proxy.Testing;
using S3Proxy.Testing.Tls;

namespace S3Proxy.DeployTests.Documents;

/// <summary>Documents show configurations that the proxy takes, and name keys and metrics that there are.</summary>
public sealed partial class ConfigurationExampleTests : IDisposable
{
    private readonly ServerCertificate _certificate = new("localhost");
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-examples-").FullName;

    /// <summary>An example with origins, buckets and auth is a whole file; the others are parts of one.</summary>
    [Fact]
    public async Task The_proxy_takes_every_complete_configuration()
    {
        List<(string Name, string Text)> examples = [.. MarkdownDocument.All.SelectMany(document => document.Blocks
            .Where(block => block.Language == "yaml" && IsComplete(block.Text)).Select((block, index) => ($"{document}, complete example {index + 1}", block.Text)))];
        Assert.True(examples.Count >= 5, string.Join('\n', examples.Select(example => example.Name)));
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("config"), "*.yaml"))
        {
            examples.Add((Path.GetFileName(file), await File.ReadAllTextAsync(file)));
        }

        foreach ((string name, string text) in examples)
        {
            string file = Path.Combine(_directory, "s3proxy.yaml");
            await File.WriteAllTextAsync(file, WithFiles(text));
            StringWriter told = new();
            Dictionary<string, string> environment = Variable().Matches(text).ToDictionary(match => match.Groups[1].Value, _ => "secret-of-a-test", StringComparer.Ordinal);
            int exitCode = await new ProxyProcess(told, told, environment).RunAsync(["--config", file, "--check-config"], CancellationToken.None);
            Assert.True(exitCode == 0, $"{name}: {told}\n{text}");
        }
    }

    [Fact]
    public void Keys_that_are_named_exist()
    {
        Regex[] known = [.. ConfigurationKeys.All.Select(key => new Regex($"^{string.Join("[^.]+", key.Pattern.Replace("[]", "", StringComparison.Ordinal).Split('*').Select(Regex.Escape))}$"))];
        string[] unknown = [.. MarkdownDocument.All.SelectMany(document => Key().Matches(document.Prose).Select(match => (document, Key: match.Groups[1].Value)))
            .Where(named => !Array.Exists(known, key => key.IsMatch(named.Key)))
            .Select(named => $"{named.document}: {named.Key}")];
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
    }

    [Fact]
    public async Task Metrics_that_are_named_exist()
    {
        IReadOnlySet<string> known = await KnownMetrics.ReadAsync();
        string[] unknown = [.. MarkdownDocument.All.SelectMany(document => Metric().Matches(document.Prose).Select(match => (document, Name: match.Groups[1].Value)))
            .Where(named => !known.Contains(named.Name) && !known.Contains(Suffix().Replace(named.Name, "")) && !IsRecorded(named.Name))
            .Select(named => $"{named.document}: {named.Name}")];
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static bool IsComplete(string text) => new[] { "origins", "buckets", "auth" }.All(key => Regex.IsMatch(text, $"^{key}:", RegexOptions.Multiline));

    /// <summary>What the chart offers to an autoscaler by a rule of its own.</summary>
    private static bool IsRecorded(string name) => name is "s3proxy_served_bytes_per_second";

    /// <summary>The example with paths of files that are there.</summary>
    private string WithFiles(string text) => FileKey().Replace(text, match =>
    {
        string path = Path.Combine(_directory, Path.GetRandomFileName() + Path.GetExtension(match.Groups[2].Value));
        File.WriteAllText(path, match.Groups[1].Value switch
        {
            "certificateFile" or "tlsCaFile" => _certificate.CertificatePem,
            "keyFile" => _certificate.KeyPem,
            "headersFile" => "authorization: of a test",
            _ => "secret-of-a-test",
        });
        return $"{match.Groups[1].Value}: {path}";
    });

    [GeneratedRegex(@"\b(\w+File): +""?([^\s"",}]+)""?")]
    private static partial Regex FileKey();

    [GeneratedRegex(@"\b\w+Env: +""?(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"`((?:listen|origins|buckets|auth|cache|coalescing|waking|batching|limits|events|reload|drain|telemetry|accessLog)(?:\.[\w*-]+)+)(?:: [^`]*)?`")]
    private static partial Regex Key();

    [GeneratedRegex(@"`(s3proxy_[a-z0-9_]*[a-z0-9])[`{]")]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
