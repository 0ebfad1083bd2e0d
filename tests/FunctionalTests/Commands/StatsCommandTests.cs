using System.Text.Json;

namespace S3Proxy.FunctionalTests.Commands;

public sealed class StatsCommandTests
{
    [Fact]
    public async Task What_was_served_and_saved_is_told_by_bucket()
    {
        await using TestProxy proxy = await ServedAsync();

        CommandRun run = await CommandRun.OfAsync(proxy, "stats", "--json");

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal(4, run.Json.GetProperty("overview").GetProperty("requests").GetProperty("total").GetInt32());
        Assert.Equal(4, run.Json.GetProperty("usage").GetProperty("total").GetProperty("requests").GetInt32());
        JsonElement saved = Assert.Single(run.Json.GetProperty("saved").EnumerateArray());
        Assert.Equal("models", saved.GetProperty("bucket").GetString());
        Assert.Equal(3, saved.GetProperty("requests").GetInt32());
        Assert.Equal(6000, saved.GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task People_get_tables_without_colour_where_there_is_no_terminal()
    {
        await using TestProxy proxy = await ServedAsync();

        CommandRun run = await CommandRun.OfAsync(proxy, "stats");

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        string[][] lines = [.. run.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Contains(lines, line => line is ["hit", "ratio", ..] && line[2] == "75.0");
        Assert.Contains(lines, line => line is ["models", "4", "7.81", "KiB", "3", "75.0", "%", "5.86", "KiB"]);
        Assert.Contains(lines, line => line.Length > 0 && line[^1] == "models/a\\u{1b}b");
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task A_watcher_looks_again_until_it_is_interrupted()
    {
        await using TestProxy proxy = await ServedAsync();
        CommandRun run = await CommandRun.RunAsync(
            new CommandRunOptions { InterruptAfter = ("Hot keys", 3) }, "stats", "--watch", "--interval", "10ms", "--admin", proxy.Admin.ToString());

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.InRange(run.Output.Split("Hot keys").Length, 4, int.MaxValue);
        Assert.Contains("(0/s)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_is_written_over_and_coloured_only_where_it_may_be()
    {
        await using TestProxy proxy = await ServedAsync();
        CommandRun run = await CommandRun.RunAsync(
            new CommandRunOptions { InterruptAfter = ("Hot keys", 3), IsTerminal = true }, "stats", "--watch", "--interval", "10ms", "--admin", proxy.Admin.ToString());

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.InRange(run.Output.Split("Hot keys").Length, 4, int.MaxValue);
        Assert.Contains("\u001b[", run.Output, StringComparison.Ordinal);
        CommandRun dumb = await CommandRun.RunAsync(
            new CommandRunOptions { IsTerminal = true, Environment = new Dictionary<string, string> { ["TERM"] = "dumb" } }, "stats", "--admin", proxy.Admin.ToString());
        Assert.DoesNotContain('\u001b', dumb.Output);
    }

    private static async Task<TestProxy> ServedAsync()
    {
        TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a\u001bb", new byte[2000]);
        for (int i = 0; i < 4; i++)
        {
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a%1Bb");
            await proxy.Origin.Traffic.WaitForIdleAsync();
        }

        return proxy;
    }
}
