using System.Globalization;
using System.Runtime.InteropServices;
using S3Proxy.Commands.Completions;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Commands.Completions;

/// <summary>Shells complete what the program itself knows.</summary>
public sealed class CompletionsCommandTests(ITestOutputHelper output)
{
    public static TheoryData<string> Shells => [.. CompletionsCommand.Shells];

    [Theory]
    [InlineData("pu", "purge")]
    [InlineData("completions ", "bash", "fish", "pwsh", "zsh")]
    [InlineData("warm --max", "--max-bytes")]
    [InlineData("bench models/a --con", "--concurrency")]
    [InlineData("purge models --a", "--admin", "--all")]
    public async Task The_program_suggests_commands_options_and_values(string line, params string[] expected)
    {
        CommandRun run = await CommandRun.RunAsync(string.Create(CultureInfo.InvariantCulture, $"[suggest:{line.Length}]"), line);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal(expected, Words(run.Output).Except(["-h", "--help"]));
    }

    [Theory]
    [InlineData("serve --config ")]
    [InlineData("warm models --manifest ")]
    [InlineData("stats --token-file ")]
    public async Task Where_a_file_is_expected_the_shell_completes_it(string line)
    {
        CommandRun run = await CommandRun.RunAsync(string.Create(CultureInfo.InvariantCulture, $"[suggest:{line.Length}]"), line);

        Assert.Empty(Words(run.Output));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Each_shell_has_a_script_that_asks_the_program(string shell)
    {
        CommandRun run = await CommandRun.RunAsync("completions", shell);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
        Assert.Contains($"s3proxy completions {shell}", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3proxy pur", "purge")]
    [InlineData("  s3proxy warm models --det", "--detach")]
    [InlineData("s3proxy completions b", "bash")]
    [InlineData("s3proxy serve --config ", "")]
    [InlineData("s3proxy", "")]
    public async Task Bash_completes_by_its_script(string line, string expected)
    {
        if (InstalledProgram.Find("bash", Path.GetTempPath()) is not { } bash)
        {
            output.WriteLine("Not run: bash is not installed.");
            return;
        }

        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        CommandRun script = await CommandRun.RunAsync("completions", "bash");
        string test = $$"""
            s3proxy() { '{{dotnet}}' '{{Path.Combine(AppContext.BaseDirectory, "S3Proxy.dll")}}' "$@"; }
            {{script.Output}}
            COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1)
            _s3proxy
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        ProgramResult result = await bash.RunAsync("-c", test, "bash", line);

        Assert.True(result.Succeeded, result.Error);
        Assert.Equal(expected, result.Output.Trim());
    }

    private static string[] Words(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
