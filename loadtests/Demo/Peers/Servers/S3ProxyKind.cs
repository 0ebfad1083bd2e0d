using System.Globalization;
using System.Text.RegularExpressions;
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

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    public string Name => name;

    public bool SpeaksTls => true;

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
        TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SupervisedProcess process = await SupervisedProcess.StartAsync(
            [DotnetHost.Path, assembly, "--config", config],
            log,
            new Dictionary<string, string>(),
            line =>
            {
                if (ListeningLine().Match(line) is { Success: true } match)
                {
                    listening.TrySetResult(new Uri(match.Groups["data"].Value));
                }
            });
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        Task ended = process.WaitForEndAsync(limit.Token);
        if (await Task.WhenAny(listening.Task, ended) == listening.Task)
        {
            await limit.CancelAsync();
            return new PeerServer(name, process, await listening.Task);
        }

        await process.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        throw new ProxyStartException($"{name} ended, or did not listen within {StartLimit}. It wrote:\n{File.ReadAllText(log)}");
    }

    [GeneratedRegex(@"s3proxy listening: data (?<data>https?://\S+) admin (?<admin>http://\S+)")]
    private static partial Regex ListeningLine();
}
