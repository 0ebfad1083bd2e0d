using System.Text.Json;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Processes;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.PeersTests.Commands;

/// <summary>The comparison with other caches runs, answers with right bytes and writes its report (requirement O8). What it measures is not looked at.</summary>
public sealed class PeersCommandTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-peers-tests").FullName;

    [Fact]
    public async Task The_short_form_compares_all_servers_without_an_error()
    {
        if (!OperatingSystem.IsLinux() || SupervisedProcess.FindMissing() is not null)
        {
            output.WriteLine($"Not run: {SupervisedProcess.FindMissing() ?? "not on Linux"}");
            return;
        }

        string path = Path.Combine(_directory, "results", "peers");
        ProgramResult run = await RunAsync("peers", "--short", "--no-install", "--output", path);
        Assert.True(run.Succeeded, run.Error);
        Assert.Contains("<svg", await File.ReadAllTextAsync(path + ".svg"), StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(path + "-latency.svg"), StringComparison.Ordinal);
        Assert.Equal(run.Output.TrimEnd(), (await File.ReadAllTextAsync(path + ".md")).TrimEnd());
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(path + ".json"));
        TellMissing(report.RootElement);
        JsonElement[] samples = [.. report.RootElement.GetProperty("samples").EnumerateArray()];
        int servers = report.RootElement.GetProperty("versions").EnumerateArray().Count(version => !version.GetString()!.StartsWith("nginx-read", StringComparison.Ordinal));
        Assert.All(samples, sample =>
        {
            Assert.True(sample.GetProperty("errors").GetInt64() == 0, sample.ToString());
            Assert.True(sample.GetProperty("answers").GetInt64() > 0, sample.ToString());
        });
        string[] everywhere = ["herd", "staggered", "ranges", "slow"];
        Assert.All(everywhere, scenario => Assert.Equal(servers, samples.Count(sample => sample.GetProperty("scenario").GetString() == scenario)));
        JsonElement[] fitted = [.. samples.Where(sample => sample.GetProperty("fit").ValueKind != JsonValueKind.Null)];
        Assert.Equal(servers, fitted.Length);
        Assert.All(fitted, sample =>
        {
            Assert.Equal("zipf", NameOf(sample).Scenario);
            Assert.True(sample.GetProperty("fit").GetProperty("peakBytes").GetInt64() > sample.GetProperty("replayed").GetProperty("contentBytes").GetInt64(), sample.ToString());
            Assert.True(sample.GetProperty("replayed").GetProperty("contentBytes").GetInt64() > 0, sample.ToString());
        });
        Assert.Contains(samples, sample => NameOf(sample) == ("zipf", "s3proxy"));
        Assert.Contains(samples, sample => NameOf(sample) == ("mixed", "s3proxy"));
        if (H2Load.FindMissing() is null)
        {
            Assert.Contains(samples, sample => NameOf(sample) == ("http2", "s3proxy"));
        }

        JsonElement herd = Assert.Single(samples, sample => NameOf(sample) == ("herd", "s3proxy"));
        Assert.Equal(1, herd.GetProperty("originGets").GetInt64());
    }

    [Theory]
    [InlineData("--scenario", "nonsense")]
    [InlineData("--servers", "nonsense")]
    [InlineData("--build", "nonsense")]
    public async Task What_there_is_not_is_refused(string option, string value)
    {
        ProgramResult run = await RunAsync("peers", "--short", "--no-install", option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'nonsense'", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static (string? Scenario, string? Server) NameOf(JsonElement sample) =>
        (sample.GetProperty("scenario").GetString(), sample.GetProperty("server").GetString());

    private Task<ProgramResult> RunAsync(params string[] arguments) =>
        InstalledProgram.FindIn([Path.GetDirectoryName(DotnetHost.Path)!], "dotnet", _directory)!
            .WithLimit(Limit)
            .RunAsync([Path.Combine(AppContext.BaseDirectory, "S3Proxy.Demo.dll"), .. arguments]);

    private void TellMissing(JsonElement report)
    {
        foreach (JsonElement missing in report.GetProperty("missing").EnumerateArray())
        {
            output.WriteLine($"Left out: {missing.GetString()}");
        }

        foreach (JsonProperty skipped in report.GetProperty("skipped").EnumerateObject())
        {
            output.WriteLine($"Skipped: {skipped.Name}: {skipped.Value.GetString()}");
        }
    }
}
