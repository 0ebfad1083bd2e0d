using System.Text.Json;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Commands;

/// <summary>Requirement C8 from a shell.</summary>
public sealed class WarmCommandTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task C8_a_prefix_is_loaded_and_the_result_is_one_document()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        for (int i = 0; i < 30; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"set/{i}", new byte[1000]);
        }

        CommandRun run = await CommandRun.OfAsync(proxy, "warm", "models", "--prefix", "set/", "--concurrency", "8", "--json");

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal("done", run.Json.GetProperty("state").GetString());
        Assert.Equal(30, run.Json.GetProperty("objects").GetProperty("loaded").GetInt32());
        Assert.Equal(8, run.Json.GetProperty("concurrency").GetInt32());
        Assert.Equal(30, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task C8_a_list_on_standard_input_is_loaded_and_failures_are_told_with_exit_code_1()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a b ü", new byte[2 * MiB]);

        CommandRun run = await CommandRun.RunAsync(
            new CommandRunOptions { Input = "a b ü\r\nmiss\u001bing\n" }, "warm", "models", "--manifest", "-", "--max-bytes", "8MiB", "--admin", proxy.Admin.ToString());

        Assert.Equal(ExitCodes.Incomplete, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.StartsWith("Warm-up 1 of models, keys of standard input: done\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("miss\\u{1b}ing", run.Output, StringComparison.Ordinal);
        Assert.Contains("The origin answered 404.", run.Output, StringComparison.Ordinal);
        Assert.Contains("2.00 MiB", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task C8_a_job_that_stops_by_its_limit_is_incomplete()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"{i}", new byte[1000]);
        }

        CommandRun run = await CommandRun.OfAsync(proxy, "warm", "models", "--concurrency", "1", "--max-bytes", "3KiB", "--json");

        Assert.Equal(ExitCodes.Incomplete, run.ExitCode);
        Assert.Equal("stopped", run.Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task C8_ctrl_c_cancels_the_job_at_the_proxy()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[8 * MiB]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, MiB) });
        using CancellationTokenSource interrupt = new();
        Task<CommandRun> running = CommandRun.RunAsync(
            new CommandRunOptions { Input = "a\n", Interrupt = interrupt.Token }, "warm", "models", "--manifest", "-", "--json", "--admin", proxy.Admin.ToString());
        await gate.ArrivedAsync(1);

        await interrupt.CancelAsync();
        CommandRun run = await running;

        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Equal("cancelled", run.Json.GetProperty("state").GetString());
        await proxy.AssertAllBackAsync();
        gate.Release();
    }

    [Fact]
    public async Task C8_a_detached_job_goes_on()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[MiB]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 1000) });

        CommandRun run = await CommandRun.RunAsync(
            new CommandRunOptions { Input = "a\n" }, "warm", "models", "--manifest", "-", "--detach", "--json", "--admin", proxy.Admin.ToString());
        await gate.ArrivedAsync(1);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal("1", run.Json.GetProperty("id").GetString());
        gate.Release();
        string state = "";
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (state != "done" && !limit.IsCancellationRequested)
        {
            using JsonDocument job = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/admin/warm/1")));
            state = job.RootElement.GetProperty("state").GetString()!;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        Assert.Equal("done", state);
    }

    [Fact]
    public async Task A_terminal_has_a_bar_that_does_not_reach_standard_output()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);

        CommandRun run = await CommandRun.RunAsync(
            new CommandRunOptions { IsTerminal = true, Environment = new Dictionary<string, string> { ["NO_COLOR"] = "1" } }, "warm", "models", "--json", "--admin", proxy.Admin.ToString());

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal("done", run.Json.GetProperty("state").GetString());
        Assert.Contains('\u001b', run.Error);
        Assert.DoesNotContain("\u001b[38;5", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_proxy_refuses_is_told_with_its_remedy()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Rule = new() { Mode = S3Proxy.Configuration.CacheMode.Bypass } });

        CommandRun run = await CommandRun.OfAsync(proxy, "warm", "models");

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("The bucket models bypasses the cache. Give it another cache mode.", run.Error, StringComparison.Ordinal);
    }
}
