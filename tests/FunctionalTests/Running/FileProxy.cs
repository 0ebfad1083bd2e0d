using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Reloading;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Tls;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>The product in this process, run from a configuration file that the test writes and has reloaded, before an embedded origin.</summary>
internal sealed class FileProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsOrigin;

    private FileProxy(WebApplication app, EmbeddedOrigin origin, DirectoryInfo directory, bool ownsOrigin)
    {
        _app = app;
        _ownsOrigin = ownsOrigin;
        Origin = origin;
        Directory = directory;
        Data = ProxyHost.AddressOf(app, ListenerRole.Data);
        Admin = ProxyHost.AddressOf(app, ListenerRole.Admin);
        Client = new HttpClient(NewHandler()) { Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>The origin, started and ended with the proxy.</summary>
    public EmbeddedOrigin Origin { get; }

    /// <summary>Where the configuration file lies, and what it names; removed at the end.</summary>
    public DirectoryInfo Directory { get; }

    /// <summary>Address of the data port.</summary>
    public Uri Data { get; }

    /// <summary>Address of the admin port.</summary>
    public Uri Admin { get; }

    /// <summary>An unsigned client that takes any certificate.</summary>
    public HttpClient Client { get; }

    /// <summary>The configuration in use.</summary>
    public CurrentSnapshot Current => _app.Services.GetRequiredService<CurrentSnapshot>();

    /// <summary>Takes over what the file holds.</summary>
    public Reloader Reloader => _app.Services.GetRequiredService<Reloader>();

    /// <summary>All services of the proxy.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The host of the proxy.</summary>
    public WebApplication App => _app;

    /// <summary>The memory tier of the proxy.</summary>
    public MemoryTier Memory => _app.Services.GetRequiredService<MemoryTier>();

    private string ConfigurationFile => Path.Combine(Directory.FullName, "s3proxy.yaml");

    /// <summary>Starts it.</summary>
    /// <param name="yaml">The configuration after <c>listen</c>, which is added unless it is there; <c>THE-PLACE</c> stands for the origin's address.</param>
    /// <param name="prepare">Writes further files into the directory; null for none.</param>
    /// <param name="timeProvider">The proxy's clock; null for the system's.</param>
    /// <param name="shared">An origin that is not its own; null for one of its own.</param>
    public static async Task<FileProxy> StartAsync(string yaml, Action<DirectoryInfo>? prepare = null, TimeProvider? timeProvider = null, EmbeddedOrigin? shared = null)
    {
        EmbeddedOrigin origin = shared ?? await TestProxy.StartOriginAsync(new TestProxyOptions());
        DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("s3proxy-file-");
        prepare?.Invoke(directory);
        string file = Path.Combine(directory.FullName, "s3proxy.yaml");
        await File.WriteAllTextAsync(file, TextOf(yaml, origin));
        Dictionary<string, string> environment = [];
        ConfigurationResult loaded = ConfigurationLoader.LoadFile(file, environment);
        Assert.Empty(loaded.Errors);
        WebApplication app = ProxyHost.Build(
            loaded.Configuration!, logging => logging.SetMinimumLevel(LogLevel.None), timeProvider, new ConfigurationFile(file, environment, loaded.Source));
        await app.StartAsync();
        return new FileProxy(app, origin, directory, shared is null);
    }

    /// <summary>A handler that takes any certificate and opens as many connections as are wanted.</summary>
    public static SocketsHttpHandler NewHandler()
    {
        SocketsHttpHandler handler = new() { UseProxy = false, MaxConnectionsPerServer = int.MaxValue };
        handler.SslOptions.RemoteCertificateValidationCallback = ServerCertificate.IsThere;
        return handler;
    }

    /// <summary>A client with a key of its own, which takes any certificate. The caller disposes of it.</summary>
    public SignedClient NewSigned(string keyId, string secret) => new(Data, keyId, secret, acceptAny: true);

    /// <summary>Writes the configuration, as <c>yaml</c> of <see cref="StartAsync"/>, and has nobody reload it.</summary>
    public void Write(string yaml) => File.WriteAllText(ConfigurationFile, TextOf(yaml, Origin));

    /// <summary>Writes the configuration and has it reloaded through the admin port.</summary>
    public Task<(int Status, JsonElement Report)> ReloadAsync(string yaml)
    {
        Write(yaml);
        return ReloadAsync();
    }

    /// <summary>Has the configuration reloaded through the admin port.</summary>
    public async Task<(int Status, JsonElement Report)> ReloadAsync()
    {
        using ByteArrayContent body = new([]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await Client.PostAsync(new Uri(Admin, "/admin/reload"), body);
        using JsonDocument report = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, report.RootElement.Clone());
    }

    /// <summary>The lines of the metrics that begin so.</summary>
    public async Task<string[]> MetricsAsync(string prefix) =>
        [.. (await Client.GetStringAsync(new Uri(Admin, "/metrics"))).Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Reads an object of the test's bucket as text, or the status when it is not there.</summary>
    public async Task<string> TextAsync(string key, string bucket = TestProxy.Bucket)
    {
        using HttpResponseMessage response = await Client.GetAsync(new Uri(Data, $"/{bucket}/{key}"));
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync() : response.StatusCode.ToString();
    }

    /// <summary>Waits, within a bound, until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, "It did not come to be so within half a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Ends the proxy within half a minute, then the origin, and removes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        if (_ownsOrigin)
        {
            await Origin.DisposeAsync();
        }

        Directory.Delete(recursive: true);
    }

    private static string TextOf(string yaml, EmbeddedOrigin origin)
    {
        StringBuilder text = new();
        if (!yaml.Contains("listen:", StringComparison.Ordinal))
        {
            text.AppendLine("listen: { endpoint: \"http://127.0.0.1:0\", admin: \"http://127.0.0.1:0\" }");
        }

        return text.Append(yaml).Replace("THE-PLACE", origin.Endpoint.GetLeftPart(UriPartial.Authority)).ToString();
    }
}
