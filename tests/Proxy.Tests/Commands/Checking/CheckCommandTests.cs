using System.Text.Json;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Commands.Checking;

/// <summary>Requirement O1: a configuration is shown as it is understood, or every error of it is told.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Bad = "cache: { sliceSize: 1 }\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-check-").FullName;

    [Fact]
    public async Task A_good_file_is_shown_without_its_secrets()
    {
        CommandRun run = await CommandRun.RunAsync("check", "--config", FileOf(Configurations.Full));

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.DoesNotContain(Configurations.Secret, run.Output, StringComparison.Ordinal);
        string[] lines = run.Output.Split('\n');
        Assert.Contains(lines, line => Words(line) is ["main", "http://127.0.0.1:8000", "http://[::1]:8001", "eu-west-1", "path", "key", "AK"]);
        Assert.Contains(lines, line => Words(line) is ["cdn", "https://s3.example.com", "us-east-1", "host", "anonymous"]);
        Assert.Contains(lines, line => Words(line) is ["models", "cdn", "prod-models", "v2/", "immutable", "-", "off", "-"]);
        Assert.Contains(lines, line => Words(line) is ["CLIENT1", "*", "a/", "read,", "list"]);
        Assert.Contains(lines, line => Words(line) is ["CLIENT1", "models", "-", "write,", "delete"]);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task A_good_file_is_one_document_for_programs_without_its_secrets()
    {
        CommandRun run = await CommandRun.RunAsync("check", "--json", "--config", FileOf(Configurations.Full));

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.DoesNotContain(Configurations.Secret, run.Output, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.True(document.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(0, document.RootElement.GetProperty("errors").GetArrayLength());
        Assert.Equal("eu-west-1", document.RootElement.GetProperty("configuration").GetProperty("origins").GetProperty("main").GetProperty("region").GetString());
    }

    [Fact]
    public async Task A_bad_file_exits_with_2_and_every_error_with_its_line()
    {
        string file = FileOf(Bad + Configurations.Least.Replace("mode: anonymous", "mode: open", StringComparison.Ordinal));

        CommandRun run = await CommandRun.RunAsync("check", "--config", file);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Collection(
            run.Error.TrimEnd().Split('\n'),
            line => Assert.StartsWith($"{file}:1:21: cache.sliceSize: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith($"{file}:7:15: auth.mode: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_file_is_one_document_for_programs()
    {
        CommandRun run = await CommandRun.RunAsync("check", "--json", "--config", FileOf(Bad + Configurations.Least));

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Empty(run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.False(document.RootElement.GetProperty("valid").GetBoolean());
        JsonElement problem = Assert.Single(document.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal("cache.sliceSize", problem.GetProperty("path").GetString());
        Assert.Equal(1, problem.GetProperty("line").GetInt32());
        Assert.False(document.RootElement.TryGetProperty("configuration", out _));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told()
    {
        CommandRun run = await CommandRun.RunAsync("check", "--config", Path.Combine(_directory, "no.yaml"));

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("there is no such file", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string FileOf(string yaml)
    {
        string file = Path.Combine(_directory, "s3proxy.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
