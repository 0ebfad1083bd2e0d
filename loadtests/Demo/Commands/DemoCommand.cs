using System.CommandLine;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Processes;
using S3Proxy.Demo.Scenarios;
using S3Proxy.Testing.Origin;
using Spectre.Console;

namespace S3Proxy.Demo.Commands;

/// <summary>Shows the main job: a slow origin, the proxy before it, and three kinds of load with every byte verified.</summary>
internal static class DemoCommand
{
    private const int FailedExitCode = 1;
    private const long OriginBytesPerSecond = 16 * ByteSize.MiB;
    private static readonly TimeSpan OriginFirstByteDelay = TimeSpan.FromMilliseconds(100);

    public static RootCommand Create()
    {
        Option<Uri?> proxy = CheckedOption.CreateUrl("--proxy", "Use the proxy that runs here, with an origin at --origin-port, instead of starting one.");
        Option<int> originPort = CheckedOption.Create("--origin-port", "Port of the embedded origin on 127.0.0.1; 0 takes a free one.", 0, 65535, standard: 0);
        RootCommand root = new("Shows s3proxy at work before a slow embedded S3 origin, and verifies every byte. Needs nothing but the .NET SDK.")
        {
            proxy,
            originPort,
        };
        root.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(proxy), parsed.GetValue(originPort), cancellationToken));
        return root;
    }

    private static async Task<int> RunAsync(Uri? proxy, int originPort, CancellationToken cancellationToken)
    {
        IAnsiConsole console = DemoConsole.Create();
        await using EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions
        {
            Port = originPort,
            Buckets = [Stage.Bucket],
            FirstByteDelay = OriginFirstByteDelay,
            BytesPerSecond = OriginBytesPerSecond,
            MaxRecordedRequests = 0,
        });
        console.MarkupLineInterpolated($"Embedded S3 origin at {origin.Endpoint}: first byte after 100 ms, 16 MiB/s per connection.");
        try
        {
            return proxy is null ? await StartAndPlayAsync(console, origin, cancellationToken) : await PlayAsync(console, origin, proxy, () => null, cancellationToken);
        }
        catch (ProxyStartException failure)
        {
            console.MarkupLineInterpolated($"[red]{failure.Message}[/]");
            return FailedExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.MarkupLine("Interrupted.");
            return FailedExitCode;
        }
    }

    private static async Task<int> StartAndPlayAsync(IAnsiConsole console, EmbeddedOrigin origin, CancellationToken cancellationToken)
    {
        using ProxyConfigFile config = ProxyConfigFile.Create(origin.Endpoint);
        await using ProxyProcess process = await ProxyProcess.StartAsync(config.Path, TimeProvider.System, cancellationToken);
        console.MarkupLineInterpolated($"s3proxy at {process.Endpoint}: a process of its own, 512 MiB of cache.");
        return await PlayAsync(console, origin, process.Endpoint, () => process.ResidentBytes, cancellationToken);
    }

    private static async Task<int> PlayAsync(IAnsiConsole console, EmbeddedOrigin origin, Uri proxy, Func<long?> proxyMemoryBytes, CancellationToken cancellationToken)
    {
        using ObjectClient client = new(TimeProvider.System);
        ScenarioRunner runner = new(new Stage(origin, proxy, client), proxyMemoryBytes, TimeProvider.System);
        IScenario[] scenarios =
        [
            new HerdScenario(clients: 100, 64 * ByteSize.MiB),
            new RangeScenario(clients: 32, reads: 1500, ByteSize.GiB),
            new HotSetScenario(clients: 32, objects: 200, reads: 10_000),
        ];
        bool isGood = true;
        foreach (IScenario scenario in scenarios)
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{scenario.Title}[/]");
            console.MarkupLineInterpolated($"{scenario.Description}");
            ScenarioResult result = await DemoConsole.WithProgressAsync(console, scenario, onBytes => runner.RunAsync(scenario, onBytes, cancellationToken));
            Reports.Write(console, result);
            isGood &= result.Faults.Count == 0;
        }

        console.WriteLine();
        console.MarkupLine(isGood ? "[green]Every byte was right, and the herd cost the origin one GET.[/]" : "[red]Not as it must be; see the faults above.[/]");
        return isGood ? 0 : FailedExitCode;
    }
}
