namespace S3Proxy.FunctionalTests.Commands;

/// <summary>Requirement O2 from a shell.</summary>
public sealed class ExplainCommandTests
{
    [Fact]
    public async Task O2_keys_are_given_as_they_are()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        const string Key = "a b/ü+%2F&key=x";
        proxy.Origin.PutObject(TestProxy.Bucket, Key, new byte[3000]);

        CommandRun before = await CommandRun.OfAsync(proxy, "explain", "models", Key, "--json");
        Assert.Equal(ExitCodes.Success, before.ExitCode);
        Assert.Equal(Key, before.Json.GetProperty("key").GetString());
        Assert.Equal("fetch", before.Json.GetProperty("get").GetProperty("action").GetString());

        await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{Uri.EscapeDataString(Key)}");
        await proxy.Origin.Traffic.WaitForIdleAsync();
        CommandRun after = await CommandRun.OfAsync(proxy, "explain", "models", Key);
        Assert.Equal(ExitCodes.Success, after.ExitCode);
        Assert.StartsWith($"models/{Key}\n", after.Output, StringComparison.Ordinal);
        Assert.Contains("serve: from memory", after.Output, StringComparison.Ordinal);
        Assert.Contains("sizeBytes 2.93 KiB", after.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_begins_with_a_dash_comes_after_two()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();

        CommandRun run = await CommandRun.OfAsync(proxy, "explain", "models", "--json", "--admin", proxy.Admin.ToString(), "--", "-k");
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        run = await CommandRun.RunAsync(new CommandRunOptions(), "explain", "models", "--json", "--admin", proxy.Admin.ToString(), "--", "-k");

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal("-k", run.Json.GetProperty("key").GetString());
    }
}
