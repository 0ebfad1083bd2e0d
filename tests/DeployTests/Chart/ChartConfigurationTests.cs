using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace S3Proxy.DeployTests.Chart;

/// <summary>The configuration that the chart makes is one that the proxy takes, with the files and variables that the pod has (requirement O7).</summary>
public sealed class ChartConfigurationTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-chart-").FullName;

    [Theory]
    [ClassData(typeof(ValuesFiles))]
    public async Task The_proxy_takes_it(string valuesFile)
    {
        if (await Rendering.OfAsync(valuesFile) is not { } rendering)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        MakeSecretFiles(rendering);
        string file = Path.Combine(_directory, "s3proxy.yaml");
        await File.WriteAllTextAsync(file, rendering.Configuration.Replace("/etc/s3proxy/", _directory + "/", StringComparison.Ordinal));
        StringWriter told = new();
        int exitCode = await new ProxyProcess(told, told, EnvironmentOf(rendering)).RunAsync(["--config", file, "--check-config"], CancellationToken.None);
        Assert.True(exitCode == 0, $"{told}\n{rendering.Configuration}");
    }

    [Theory]
    [ClassData(typeof(ValuesFiles))]
    public async Task Cache_and_heap_fit_into_the_limit(string valuesFile)
    {
        if (await Rendering.OfAsync(valuesFile) is not { } rendering)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        string limitText = rendering.Container["resources"]!["limits"]!["memory"]!.GetValue<string>();
        long limit = long.Parse(limitText[..^2], CultureInfo.InvariantCulture) << 30;
        Assert.EndsWith("Gi", limitText, StringComparison.Ordinal);
        string sizeText = Yaml.ReadAll(rendering.Configuration).Single()["cache"]!["memory"]!["size"]!.GetValue<string>();
        long size = long.Parse(sizeText[..^3], CultureInfo.InvariantCulture) << 20;
        Assert.InRange(size, limit / 2, limit - (size * 12 / 100) - (256 << 20));
        if (EnvironmentOf(rendering).TryGetValue("DOTNET_GCHeapHardLimit", out string? heap))
        {
            long heapBytes = long.Parse(heap.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.Equal(limit - (size / 2) - (64 << 20), heapBytes);
        }
        else
        {
            Assert.Equal("no-redis-values.yaml", valuesFile);
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Every file of the projected volume, with a secret in it.</summary>
    private void MakeSecretFiles(Rendering rendering)
    {
        JsonNode secrets = rendering.Pod["spec"]!["volumes"]!.AsArray().Single(volume => volume!["name"]!.GetValue<string>() == "secrets")!;
        foreach (JsonNode? item in secrets["projected"]!["sources"]!.AsArray().SelectMany(source => source!["secret"]!["items"]!.AsArray()))
        {
            string path = Path.Combine(_directory, "secrets", item!["path"]!.GetValue<string>());
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, path.EndsWith(".crt", StringComparison.Ordinal) ? Certificate().Certificate : "secret-of-a-test\n");
        }

        string tls = Directory.CreateDirectory(Path.Combine(_directory, "tls")).FullName;
        (string certificate, string privateKey) = Certificate();
        File.WriteAllText(Path.Combine(tls, "tls.crt"), certificate);
        File.WriteAllText(Path.Combine(tls, "tls.key"), privateKey);
    }

    private static (string Certificate, string PrivateKey) Certificate()
    {
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create();
        System.Security.Cryptography.X509Certificates.CertificateRequest request = new("CN=test", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using System.Security.Cryptography.X509Certificates.X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static Dictionary<string, string> EnvironmentOf(Rendering rendering) =>
        rendering.Container["env"]!.AsArray().ToDictionary(
            variable => variable!["name"]!.GetValue<string>(), variable => variable!["value"]?.GetValue<string>() ?? "FROMASECRET", StringComparer.Ordinal);
}
