using S3Proxy.Commands.Asking;

namespace S3Proxy.Tests.Commands;

/// <summary>What all commands have in common: bad arguments, help, and a proxy that is not there.</summary>
public sealed class CommandLineTests
{
    /// <summary>A port that nobody listens on: it is not one.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    [Theory]
    [InlineData("Unrecognized command or argument 'purg'.", "purg")]
    [InlineData("There is no option '--jsn'.", "explain", "models", "--jsn")]
    [InlineData("'--al' cannot be the name of a bucket.", "purge", "--al")]
    [InlineData("Required argument 'KEY'", "explain", "models")]
    [InlineData("'M' cannot be the name of a bucket.", "explain", "M", "k")]
    [InlineData("Name a BUCKET, or --all and nothing else. Nothing was purged.", "purge")]
    [InlineData("Name a BUCKET, or --all and nothing else. Nothing was purged.", "purge", "models", "--all")]
    [InlineData("Name a BUCKET, or --all and nothing else. Nothing was purged.", "purge", "--prefix", "a")]
    [InlineData("Give --key or --prefix, not both. Nothing was purged.", "purge", "models", "--key", "a", "--prefix", "b")]
    [InlineData("--key and --prefix are not empty", "purge", "models", "--prefix", "")]
    [InlineData("--concurrency: '33' is not a whole number from 1 to 32.", "warm", "models", "--concurrency", "33")]
    [InlineData("--concurrency: 'many' is not a whole number from 1 to 32.", "warm", "models", "--concurrency", "many")]
    [InlineData("--max-bytes: '8Mib' is no size.", "warm", "models", "--max-bytes", "8Mib")]
    [InlineData("Give --prefix or --manifest, not both.", "warm", "models", "--prefix", "a", "--manifest", "b")]
    [InlineData("--watch is for people and --json for programs", "stats", "--watch", "--json")]
    [InlineData("--interval: '2' is no duration up to a day.", "stats", "--watch", "--interval", "2")]
    [InlineData("--rows: '0' is not a whole number from 1 to 50.", "stats", "--rows", "0")]
    [InlineData("--requests: '1.5' is not a whole number", "bench", "models/a", "--requests", "1.5")]
    [InlineData("models: This is no object.", "bench", "models")]
    [InlineData("--endpoint: This is no address of an endpoint.", "bench", "models/a", "--endpoint", "127.0.0.1:9000")]
    [InlineData("Option '--config' is required.", "serve")]
    [InlineData("Option '--config' is required.", "check")]
    [InlineData("Argument 'ksh' not recognized. Must be one of: 'bash' 'zsh' 'fish' 'pwsh'", "completions", "ksh")]
    public async Task Bad_arguments_are_told_on_standard_error_with_exit_code_2(string problem, params string[] arguments)
    {
        CommandRun run = await CommandRun.RunAsync(arguments);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.All(run.Error.TrimEnd().Split('\n'), line => Assert.StartsWith("s3proxy", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("purge", "--all")]
    [InlineData("stats")]
    [InlineData("stats", "--json")]
    [InlineData("explain", "models", "a")]
    [InlineData("warm", "models")]
    public async Task A_proxy_that_is_not_there_is_told_with_what_to_do(params string[] arguments)
    {
        CommandRun run = await CommandRun.RunAsync([.. arguments, "--admin", Nowhere]);

        Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith($"s3proxy {arguments[0]}: {Nowhere}: The proxy does not answer: Connection refused", run.Error, StringComparison.Ordinal);
        Assert.Contains("--admin URL", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_load_on_nothing_is_told_with_what_to_do()
    {
        CommandRun run = await CommandRun.RunAsync("bench", "models/a", "--endpoint", Nowhere, "--requests", "2");

        Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
        Assert.StartsWith($"s3proxy bench: {Nowhere}: Nothing answers: no connection: Connection refused", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:9001")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://user:hunter2@127.0.0.1:9001")]
    [InlineData("http://127.0.0.1:9001/admin")]
    public async Task A_bad_address_is_refused_wherever_it_comes_from_and_not_repeated(string address)
    {
        CommandRun argument = await CommandRun.RunAsync("stats", "--admin", address);
        Assert.Equal(ExitCodes.BadInput, argument.ExitCode);
        Assert.StartsWith("s3proxy stats: --admin: This is no address", argument.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", argument.Error, StringComparison.Ordinal);

        CommandRun variable = await CommandRun.RunWithAsync(new() { [ClientOptions.AddressVariable] = address }, "stats");
        Assert.Equal(ExitCodes.BadInput, variable.ExitCode);
        Assert.StartsWith($"s3proxy stats: {ClientOptions.AddressVariable}: This is no address", variable.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words\n")]
    [InlineData("a\nb")]
    public async Task What_is_no_token_is_refused_and_not_repeated(string token)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, token);
            CommandRun run = await CommandRun.RunAsync("stats", "--token-file", file, "--admin", Nowhere);

            Assert.Equal(ExitCodes.BadInput, run.ExitCode);
            Assert.StartsWith($"s3proxy stats: {file}: This is no token", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        CommandRun missing = await CommandRun.RunAsync("stats", "--token-file", file, "--admin", Nowhere);
        Assert.Equal(ExitCodes.BadInput, missing.ExitCode);
        Assert.Contains("there is no such file", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_access_key_is_refused()
    {
        CommandRun run = await CommandRun.RunWithAsync(new() { ["AWS_ACCESS_KEY_ID"] = "AK" }, "bench", "models/a", "--endpoint", Nowhere);

        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.StartsWith("s3proxy bench: AWS_SECRET_ACCESS_KEY: Only one half", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_that_begin_with_at_are_values()
    {
        CommandRun run = await CommandRun.RunAsync("explain", "models", "@/etc/hostname", "--admin", Nowhere);

        Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
    }
}
