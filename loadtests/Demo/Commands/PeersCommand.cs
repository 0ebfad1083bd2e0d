using System.CommandLine;
using System.Globalization;
using S3Proxy.Demo.Peers;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Scenarios;

namespace S3Proxy.Demo.Commands;

/// <summary>Compares this proxy with nginx and Varnish on this machine in one run (requirement O8).</summary>
internal static class PeersCommand
{
    private const int FailedExitCode = 1;
    private const int UsageExitCode = 2;

    public static Command Create()
    {
        Option<int> rounds = CheckedOption.Create("--rounds", "Rounds of each, in turns.", 1, 100, standard: 5);
        Option<int> seconds = CheckedOption.Create("--seconds", "Length of a turn where time bounds it.", 1, 600, standard: 5);
        Option<string[]> scenarios = CreateList("--scenario", $"Only these, with commas between: {string.Join(", ", AllScenarios.Names)}.");
        Option<string[]> servers = CreateList("--servers", "Only these, with commas between: s3proxy, nginx, varnish, and names of builds.");
        Option<string[]> builds = CreateList("--build", "Another build of this proxy beside them, as NAME=PATH of its S3Proxy.dll.");
        Option<bool> isShort = new("--short") { Description = "One round of tiny counts, in seconds: shows that everything works and measures nothing." };
        Option<bool> noInstall = new("--no-install") { Description = "Leave out what is not installed, instead of installing it (root, Debian)." };
        Option<string?> output = new("--output")
        {
            Description = "Where results go, without extension; .json, .md, .svg and -latency.svg are written. Default: loadtests/results/peers-DATE.",
        };
        Command command = new("peers", "Compares this proxy with nginx and Varnish, side by side, in interleaved rounds.")
        {
            rounds,
            seconds,
            scenarios,
            servers,
            builds,
            isShort,
            noInstall,
            output,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new PeersChoice
            {
                Rounds = parsed.GetValue(rounds),
                Seconds = parsed.GetValue(seconds),
                Scenarios = parsed.GetRequiredValue(scenarios),
                Servers = parsed.GetRequiredValue(servers),
                Builds = parsed.GetRequiredValue(builds),
                IsShort = parsed.GetValue(isShort),
            },
            !parsed.GetValue(noInstall),
            parsed.GetValue(output) ?? string.Create(CultureInfo.InvariantCulture, $"loadtests/results/peers-{TimeProvider.System.GetUtcNow():yyyy-MM-dd}"),
            cancellationToken));
        return command;
    }

    private static Option<string[]> CreateList(string name, string description) => new(name)
    {
        Description = description,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = static result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
        DefaultValueFactory = static _ => [],
    };

    private static async Task<int> RunAsync(PeersChoice choice, bool mayInstall, string output, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("The comparison measures with Linux' /proc and poll(2), which are not there.");
            return FailedExitCode;
        }

        if (choice.FindUnknown() is { } unknown)
        {
            await Console.Error.WriteLineAsync(unknown);
            return UsageExitCode;
        }

        if (mayInstall && choice.FindMissingPackages() is { Count: > 0 } packages)
        {
            await DebianPackages.InstallAsync(packages, cancellationToken);
        }

        PeersOptions options = choice.CreateOptions();
        foreach (string missing in options.Missing)
        {
            await Console.Error.WriteLineAsync($"Left out: {missing}.");
        }

        // Whoever interrupts it still wants what was measured.
        PeersResult result = await new PeersComparison(options, choice.CreateScenarios()).RunAsync(
            soFar => PeersReport.WriteAsync(soFar, output, CommandLine(), CancellationToken.None), cancellationToken);
        Console.WriteLine(await File.ReadAllTextAsync(output + ".md", CancellationToken.None));
        foreach (string fault in result.Faults)
        {
            await Console.Error.WriteLineAsync($"Not as it must be: {fault}");
        }

        await Console.Error.WriteLineAsync($"Written: {output}.md, .json, .svg, -latency.svg");
        return result.Faults.Count == 0 ? 0 : FailedExitCode;
    }

    private static string CommandLine() => string.Join(' ', ["dotnet run --project loadtests/Demo -c Release --", .. Environment.GetCommandLineArgs().Skip(1)]);
}
