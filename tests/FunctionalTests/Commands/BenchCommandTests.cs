using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Commands;

/// <summary>The small load client, before the proxy and before an origin that does wrong.</summary>
public sealed class BenchCommandTests
{
    private static readonly Dictionary<string, string> Key = new() { ["AWS_ACCESS_KEY_ID"] = TestProxy.ClientKeyId, ["AWS_SECRET_ACCESS_KEY"] = TestProxy.ClientSecret };

    [Fact]
    public async Task Reads_are_counted_by_outcome_and_their_bodies_checked()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a b", new byte[3 << 20]);
        proxy.Origin.PutObject(TestProxy.Bucket, "b", new byte[10]);

        CommandRun run = await CommandRun.RunAsync(
            new CommandRunOptions(), "bench", "models/a b", new Uri(proxy.Data, "/models/b").ToString(), "--endpoint", proxy.Data.ToString(), "--requests", "40", "--concurrency", "4", "--json");

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal(40, run.Json.GetProperty("succeeded").GetInt32());
        Assert.Equal(0, run.Json.GetProperty("failed").GetInt32());
        Assert.Equal((20L * (3 << 20)) + (20 * 10), run.Json.GetProperty("bytes").GetInt64());
        Assert.Equal(40, run.Json.GetProperty("outcomes").EnumerateObject().Sum(outcome => outcome.Value.GetInt32()));
        Assert.Equal(2, run.Json.GetProperty("outcomes").GetProperty("MISS").GetInt32());
        Assert.InRange(run.Json.GetProperty("wholeSeconds").GetProperty("p99").GetDouble(), 0, run.Json.GetProperty("wholeSeconds").GetProperty("max").GetDouble());
        Assert.False(run.Json.GetProperty("signed").GetBoolean());
        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task Keys_of_the_environment_sign_unless_it_is_to_be_anonymous()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        proxy.Origin.PutObject(TestProxy.Bucket, "a+b ü", new byte[10]);
        CommandRunOptions options = new() { Environment = Key };

        CommandRun signed = await CommandRun.RunAsync(options, "bench", "models/a+b ü", "--endpoint", proxy.Data.ToString(), "--requests", "3");
        Assert.Equal(ExitCodes.Success, signed.ExitCode);
        Assert.Contains("3 good, 0 failed", signed.Output, StringComparison.Ordinal);
        Assert.Contains("signed", signed.Output, StringComparison.Ordinal);

        CommandRun anonymous = await CommandRun.RunAsync(options, "bench", "models/a+b ü", "--endpoint", proxy.Data.ToString(), "--requests", "3", "--anonymous", "--json");
        Assert.Equal(ExitCodes.Incomplete, anonymous.ExitCode);
        Assert.Equal(3, anonymous.Json.GetProperty("failures").GetProperty("status 403").GetInt32());
    }

    [Fact]
    public async Task Wrong_and_broken_bodies_are_failures()
    {
        await using EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { Buckets = ["bucket"] });
        origin.PutObject("bucket", "k", new byte[200_000]);
        origin.Faults.Add(RequestMatch.AnyGet.Nth(2), new FaultEffects { CorruptByteAt = 7 });
        origin.Faults.Add(RequestMatch.AnyGet.Nth(3), new FaultEffects { CutAfterBodyBytes = 1000 });
        origin.Faults.Add(RequestMatch.AnyGet.Nth(4), new FaultEffects { Status = 500 });

        CommandRun run = await CommandRun.RunAsync(new CommandRunOptions(), "bench", "bucket/k", "--endpoint", origin.Endpoint.ToString(), "--requests", "6", "--concurrency", "1", "--json");

        Assert.Equal(ExitCodes.Incomplete, run.ExitCode);
        Assert.Equal(3, run.Json.GetProperty("succeeded").GetInt32());
        JsonElement failures = run.Json.GetProperty("failures");
        Assert.Equal(1, failures.GetProperty("body differs from an earlier one with the same ETag").GetInt32());
        Assert.Equal(1, failures.GetProperty("status 500").GetInt32());
        Assert.Single(failures.EnumerateObject(), failure => failure.Name.StartsWith("body broken off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_load_tells_what_it_has()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[10]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        using CancellationTokenSource interrupt = new();
        Task<CommandRun> running = CommandRun.RunAsync(
            new CommandRunOptions { Interrupt = interrupt.Token }, "bench", "models/a", "--endpoint", proxy.Data.ToString(), "--duration", "1h", "--json");
        await gate.ArrivedAsync(1);

        await interrupt.CancelAsync();
        CommandRun run = await running;

        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Equal(0, run.Json.GetProperty("succeeded").GetInt32());
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("wholeSeconds").ValueKind);
        gate.Release();
    }
}
