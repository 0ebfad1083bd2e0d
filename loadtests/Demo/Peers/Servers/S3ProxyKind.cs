using System.Globalization;
using System.Text.RegularExpressions;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Memory;
using S3Proxy.Demo.Processes;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>This proxy, or another build of it.</summary>
/// <param name="name">What it is called.</param>
/// <param name="assembly">S3Proxy.dll of the build.</param>
/// <param name="auth">Who may do what, as YAML.</param>
internal sealed partial class S3ProxyKind(string name, string assembly, string auth = S3ProxyKind.Anonymous) : IServerKind
{
    public const string Anonymous = "{ mode: anonymous }";

    private const string Slices = "s3proxy_slices ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    public string Name => name;

    public bool SpeaksTls => true;

    public MemoryCost Cost { get; } = new(175 * ByteSize.MiB, 0.86);

    /// <summary>S3Proxy.dll of the build.</summary>
    public string Assembly => assembly;

    public string Version => string.Create(CultureInfo.InvariantCulture, $"{name}: build of {File.GetLastWriteTimeUtc(assembly):yyyy-MM-dd HH:mm}");

    public string? FindMissing() => File.Exists(assembly) ? SupervisedProcess.FindMissing() : $"there is no {assembly}";

    public async Task<PeerServer> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        string config = ConfigTemplate.Write("s3proxy.yaml", setup.Directory, new Dictionary<string, string>
        {
            ["ORIGIN"] = setup.Origin.Authority,
            ["AUTH"] = auth,
            ["SCHEME"] = setup.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps,
            ["TLS"] = setup.Certificate is { } files ? $"tls: {{ certificateFile: {files.CertificateFile}, keyFile: {files.KeyFile} }}" : "",
            ["BUDGET_BYTES"] = setup.BudgetBytes.ToString(CultureInfo.InvariantCulture),
        });
        string log = Path.Combine(setup.Directory, "errors.log");
        TaskCompletionSource<(Uri Data, Uri Admin)> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SupervisedProcess process = await SupervisedProcess.StartAsync(
            [DotnetHost.Path, assembly, "--config", config],
            log,
            new Dictionary<string, string>(),
            line =>
            {
                if (ListeningLine().Match(line) is { Success: true } match)
                {
                    listening.TrySetResult((new Uri(match.Groups["data"].Value), new Uri(match.Groups["admin"].Value)));
                }
            });
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        Task ended = process.WaitForEndAsync(limit.Token);
        if (await Task.WhenAny(listening.Task, ended) == listening.Task)
        {
            await limit.CancelAsync();
            (Uri data, Uri admin) = await listening.Task;
            return new PeerServer(name, process, token => CountSlicesAsync(admin, token), data);
        }

        await process.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        throw new ProxyStartException($"{name} ended, or did not listen within {StartLimit}. It wrote:\n{File.ReadAllText(log)}");
    }

    /// <summary>From its metrics, in Prometheus' text format. A small object is one slice.</summary>
    private static async Task<long> CountSlicesAsync(Uri admin, CancellationToken cancellationToken)
    {
        using HttpClient client = new();
        string page = await client.GetStringAsync(new Uri(admin, "/metrics"), cancellationToken);
        return long.Parse(page.Split('\n').First(line => line.StartsWith(Slices, StringComparison.Ordinal))[Slices.Length..], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"s3proxy listening: data (?<data>https?://\S+) admin (?<admin>http://\S+)")]
    private static partial Regex ListeningLine();
}
