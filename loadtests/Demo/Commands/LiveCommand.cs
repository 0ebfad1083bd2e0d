using System.CommandLine;
using S3Proxy.Demo.Live;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Processes;
using S3Proxy.Demo.Scenarios;
using S3Proxy.Testing.Origin;
using Spectre.Console;

namespace S3Proxy.Demo.Commands;

/// <summary>Keeps a slow origin, the proxy before it and a mixed load running, so that the dashboard has something to show.</summary>
internal static class LiveCommand
{
    private const int FailedExitCode = 1;
    private const long OriginBytesPerSecond = 16 * ByteSize.MiB;

    /// <summary>Short enough to see objects end and be renewed while one looks.</summary>
    private const string Rule = "{ mode: ttl, ttl: 20s, ttlJitter: 20%, staleWhileRevalidate: 5s, staleIfError: 1h }";

    private static readonly TimeSpan OriginFirstByteDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        Option<int> port = CheckedOption.Create("--port", "Port of the proxy on 127.0.0.1; 0 takes a free one.", 0, 65535, standard: 0);
        Option<int> adminPort = CheckedOption.Create("--admin-port", "Port of the dashboard on 127.0.0.1; 0 takes a free one.", 0, 65535, standard: 0);
        Option<int> seconds = CheckedOption.Create("--seconds", "How long it runs; 0: until Ctrl-C.", 0, 86_400, standard: 0);
        Command command = new("live", "Runs the origin, the proxy and a mixed load until Ctrl-C, and tells where the dashboard is.") { port, adminPort, seconds };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(port), parsed.GetValue(adminPort), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int port, int adminPort, TimeSpan duration, CancellationToken cancellationToken)
    {
        IAnsiConsole console = DemoConsole.Create();
        TimeProvider time = TimeProvider.System;
        await using EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions
        {
            Buckets = [Stage.Bucket],
            FirstByteDelay = OriginFirstByteDelay,
            BytesPerSecond = OriginBytesPerSecond,
            MaxRecordedRequests = 0,
        });
        using ProxyConfigFile config = ProxyConfigFile.Create(origin.Endpoint, Rule, dataPort: port, adminPort: adminPort);
        try
        {
            await using ProxyProcess proxy = await ProxyProcess.StartAsync(config.Path, time, cancellationToken);
            Introduce(console, origin, proxy);
            using ObjectClient client = new(time);
            LiveLoad load = new(new Stage(origin, proxy.Endpoint, client), time);
            await PlayAsync(console, load, origin, duration, time, cancellationToken);
            return Conclude(console, load);
        }
        catch (ProxyStartException failure)
        {
            console.MarkupLineInterpolated($"[red]{failure.Message}[/]");
            return FailedExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.WriteLine("Interrupted before the proxy listened.");
            return 0;
        }
    }

    private static void Introduce(IAnsiConsole console, EmbeddedOrigin origin, ProxyProcess proxy)
    {
        string data = proxy.Endpoint.GetLeftPart(UriPartial.Authority);
        string admin = proxy.Admin.GetLeftPart(UriPartial.Authority);
        console.MarkupLineInterpolated($"Origin     {origin.Endpoint.GetLeftPart(UriPartial.Authority)} first byte after 100 ms, 16 MiB/s per connection");
        console.MarkupLineInterpolated($"Proxy      {data} everyone may read the bucket {Stage.Bucket}");
        console.MarkupLineInterpolated($"Dashboard  [bold]{admin}/[/]");
        console.MarkupLineInterpolated($"Try        curl -sD- -o /dev/null {data}/{Stage.Bucket}/{LiveLoad.HottestKey}");
        console.MarkupLineInterpolated($"           curl '{admin}/admin/explain?bucket={Stage.Bucket}&key={LiveLoad.HottestKey}'");
        console.WriteLine("Ctrl-C ends all of it.");
        console.WriteLine();
    }

    private static async Task PlayAsync(IAnsiConsole console, LiveLoad load, EmbeddedOrigin origin, TimeSpan duration, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource limit = duration > TimeSpan.Zero ? new CancellationTokenSource(duration, time) : new CancellationTokenSource();
        await using CancellationTokenRegistration ended = limit.Token.Register(end.Cancel);
        long started = time.GetTimestamp();
        Task playing = load.RunAsync(end.Token);
        bool isTerminal = console.Profile.Capabilities.Interactive;
        if (isTerminal)
        {
            await console.Status().StartAsync("starting", status => TellAsync(TerminalInterval, line => status.Status = Markup.Escape(line)));
        }
        else
        {
            await TellAsync(PlainInterval, WriteWhole);
        }

        await playing;
        WriteWhole(Line());

        // Not broken into lines of some width.
        void WriteWhole(string line) => console.Profile.Out.Writer.WriteLine(line);

        string Line() => load.Tally.Describe(time.GetElapsedTime(started), origin.Traffic);

        async Task TellAsync(TimeSpan interval, Action<string> tell)
        {
            while (!playing.IsCompleted)
            {
                await Task.WhenAny(playing, Task.Delay(interval, time, end.Token));
                if (!playing.IsCompleted && !end.IsCancellationRequested)
                {
                    tell(Line());
                }
            }
        }
    }

    private static int Conclude(IAnsiConsole console, LiveLoad load)
    {
        if (!load.Tally.IsGood)
        {
            console.MarkupLineInterpolated($"[red]FAULT: the first failed read met: {load.Tally.FirstFailure}[/]");
            return FailedExitCode;
        }

        console.WriteLine("Stopped; every byte was right.");
        return 0;
    }
}
