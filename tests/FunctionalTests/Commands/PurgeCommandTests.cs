using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using S3Proxy.FunctionalTests.Running;

namespace S3Proxy.FunctionalTests.Commands;

/// <summary>Requirement I4 from a shell.</summary>
public sealed class PurgeCommandTests
{
    [Theory]
    [InlineData(1, "models", "--key", "a/ü 1")]
    [InlineData(2, "models", "--prefix", "a/")]
    [InlineData(3, "models")]
    [InlineData(3, "--all")]
    public async Task I4_what_is_named_is_forgotten_and_counted(int count, params string[] what)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        foreach (string key in new[] { "a/ü 1", "a/2", "b" })
        {
            proxy.Origin.PutObject(TestProxy.Bucket, key, new byte[100]);
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{key}");
        }

        await proxy.Origin.Traffic.WaitForIdleAsync();
        CommandRun run = await CommandRun.OfAsync(proxy, ["purge", .. what, "--json"]);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal(count, run.Json.GetProperty("objects").GetInt32());
        Assert.False(run.Json.GetProperty("pending").GetBoolean());
        Assert.Equal("MISS", await OutcomeAsync(proxy, "a/ü 1"));
        Assert.Equal(count == 3 ? "MISS" : "HIT", await OutcomeAsync(proxy, "b"));
    }

    [Fact]
    public async Task People_are_told_in_sentences()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a\u001bb", new byte[100]);
        await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a%1Bb");

        CommandRun run = await CommandRun.OfAsync(proxy, "purge", "models", "--key", "a\u001bb");

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.StartsWith("Dropped 1 objects and 1 slices of models/a\\u{1b}b.\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_bad_input()
    {
        await using FileProxy proxy = await FileProxy.StartAsync("origins: { main: { endpoints: [THE-PLACE] } }\nbuckets: { models: { origin: main } }\nauth: { mode: anonymous }");

        CommandRun run = await CommandRun.RunAsync(new CommandRunOptions(), "purge", "nowhere", "--json", "--admin", proxy.Admin.ToString());

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("There is no bucket nowhere.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A5_the_token_comes_from_a_file_or_a_variable()
    {
        const string Token = "operators-token-1";
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { AdminToken = Token });
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Token + "\n");
            string admin = proxy.Admin.ToString();
            CommandRun without = await CommandRun.OfAsync(proxy, "purge", "--all");
            Assert.Equal(ExitCodes.Denied, without.ExitCode);
            Assert.Contains("--token-file FILE or S3PROXY_ADMIN_TOKEN", without.Error, StringComparison.Ordinal);

            Dictionary<string, string> wrong = new() { ["S3PROXY_ADMIN_TOKEN"] = "wrong", ["S3PROXY_ADMIN_URL"] = admin };
            Assert.Equal(ExitCodes.Denied, (await CommandRun.RunAsync(new CommandRunOptions { Environment = wrong }, "purge", "--all")).ExitCode);
            Assert.Equal(ExitCodes.Success, (await CommandRun.RunAsync(new CommandRunOptions { Environment = wrong }, "purge", "--all", "--token-file", file)).ExitCode);
            Dictionary<string, string> right = new() { ["S3PROXY_ADMIN_TOKEN"] = Token, ["S3PROXY_ADMIN_URL"] = admin };
            Assert.Equal(ExitCodes.Success, (await CommandRun.RunAsync(new CommandRunOptions { Environment = right }, "purge", "--all")).ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_data_port_is_not_taken_for_the_admin_port()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();

        foreach (string[] command in new string[][] { ["stats"], ["purge", "--all"], ["warm", "models"], ["explain", "models", "a"] })
        {
            CommandRun run = await CommandRun.RunAsync(new CommandRunOptions(), [.. command, "--admin", proxy.Data.ToString()]);
            Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
            Assert.Contains("is not the admin port of s3proxy", run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Some other service that answers every request with JSON.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"objects":"many","replicas":3,"pending":{},"key":7,"id":[],"state":1}""")]
    public async Task Documents_of_something_else_end_no_command_with_a_crash(string document)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using WebApplication other = builder.Build();
        other.MapFallback(() => Results.Text(document, "application/json"));
        await other.StartAsync();

        foreach (string[] command in new string[][] { ["stats"], ["purge", "--all"], ["warm", "models"], ["explain", "models", "a"] })
        {
            CommandRun run = await CommandRun.RunAsync(new CommandRunOptions(), [.. command, "--admin", other.Urls.Single()]);
            Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
            Assert.NotEmpty(run.Error);
        }
    }

    private static async Task<string> OutcomeAsync(TestProxy proxy, string key)
    {
        using HttpResponseMessage response = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/{key}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("x-cache").Single();
    }
}
