using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Testing.Fleet;

/// <summary>One replica: the product as a process of its own, known only by what it tells outside. Ends with its test, and with the test's process.</summary>
public sealed partial class FleetReplica : IAsyncDisposable
{
    private const int LinesShown = 20;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly Dictionary<string, string> Lean = new()
    {
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_GCgen0size"] = "1000000",
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    private readonly SupervisedProcess _process;

    private FleetReplica(int index, SupervisedProcess process, Uri endpoint, Uri admin)
    {
        Index = index;
        _process = process;
        Endpoint = endpoint;
        Admin = admin;
    }

    /// <summary>Its place in the fleet, from 0.</summary>
    public int Index { get; }

    /// <summary>Data address.</summary>
    public Uri Endpoint { get; }

    /// <summary>Admin address.</summary>
    public Uri Admin { get; }

    public bool HasEnded => _process.HasEnded;

    /// <summary>Processor time used since the start.</summary>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="index">Its place in the fleet.</param>
    /// <param name="proxyAssembly">S3Proxy.dll.</param>
    /// <param name="configurationFile">With port 0 for both listeners.</param>
    /// <param name="errorFile">Gets its log.</param>
    /// <param name="environment">Variables it is to have.</param>
    /// <exception cref="ReplicaStartException">It did not listen in time, or ended.</exception>
    public static async Task<FleetReplica> StartAsync(
        int index, string proxyAssembly, string configurationFile, string errorFile, IReadOnlyDictionary<string, string> environment)
    {
        TaskCompletionSource<(Uri Data, Uri Admin)> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SupervisedProcess process = await SupervisedProcess.StartAsync(
            [DotnetPath(), proxyAssembly, "--config", configurationFile],
            errorFile,
            new Dictionary<string, string>(Lean.Concat(environment)),
            line =>
            {
                if (ListeningLine().Match(line) is { Success: true } match)
                {
                    listening.TrySetResult((new Uri(match.Groups["data"].Value), new Uri(match.Groups["admin"].Value)));
                }
            });
        using CancellationTokenSource limit = new(StartLimit);
        Task<int> ended = process.WaitForEndAsync(limit.Token);
        if (await Task.WhenAny(listening.Task, ended) == listening.Task)
        {
            await limit.CancelAsync();
            return new FleetReplica(index, process, listening.Task.Result.Data, listening.Task.Result.Admin);
        }

        string reason = ended.IsCanceled ? $"did not listen within {StartLimit}" : string.Create(CultureInfo.InvariantCulture, $"ended with {ended.Result}");
        await process.DisposeAsync();
        throw new ReplicaStartException($"Replica {index} {reason}. It wrote:\n{LastLines(errorFile)}");
    }

    /// <summary>Ends it at once, as kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Send(ProcessSignal.Kill);
        await _process.WaitForEndAsync(CancellationToken.None);
    }

    /// <summary>Holds the process wherever it is.</summary>
    public void Pause() => _process.Send(ProcessSignal.Stop);

    /// <summary>Lets a held process go on.</summary>
    public void Resume() => _process.Send(ProcessSignal.Continue);

    /// <summary>Sends any signal.</summary>
    public void Signal(ProcessSignal signal) => _process.Send(signal);

    /// <summary>Waits for its end and gives its exit code.</summary>
    public Task<int> WaitForEndAsync(CancellationToken cancellationToken) => _process.WaitForEndAsync(cancellationToken);

    /// <summary>Asks it to finish what it does and end, and gives its exit code.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellationToken)
    {
        _process.Send(ProcessSignal.Terminate);
        return await _process.WaitForEndAsync(cancellationToken);
    }

    /// <summary>The last lines of its log, for people who look for the reason of a failure.</summary>
    public string DescribeLog() => $"replica {Index}:\n{LastLines(_process.ErrorFile)}";

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>The <c>dotnet</c> that runs this process, which need not be on the path.</summary>
    private static string DotnetPath()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        string host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(host) ? host : "/usr/bin/dotnet";
    }

    private static string LastLines(string file) => File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(LinesShown)) : "";

    [GeneratedRegex(@"^s3proxy listening: data (?<data>http://\S+) admin (?<admin>http://\S+)$")]
    private static partial Regex ListeningLine();
}
