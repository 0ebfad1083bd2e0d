using System.Net;
using System.Net.Sockets;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Programs;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>The process is asked to end while clients read (requirement R2), and to read its configuration again.</summary>
public sealed class DrainTests : IAsyncLifetime, IDisposable
{
    private const int Downloads = 200;
    private const int Objects = 8;
    private const int ObjectBytes = 3 * Reads.MiB;
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("s3proxy-drain-");
    private readonly HttpClient _client = new(FileProxy.NewHandler()) { Timeout = EndLimit };
    private EmbeddedOrigin _origin = null!;

    public async Task InitializeAsync() => _origin = await TestProxy.StartOriginAsync(new TestProxyOptions());

    public async Task DisposeAsync()
    {
        await _origin.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Nobody_is_cut_off_and_the_admin_port_answers_meanwhile()
    {
        OriginGate gate = HoldBodies();
        await using FleetReplica proxy = await StartAsync("drain: { readinessDelay: 0s }");
        SyntheticContent[] contents = [.. Enumerable.Range(0, Objects).Select(i => _origin.PutSynthetic(TestProxy.Bucket, $"o{i}", ObjectBytes, (ulong)i))];
        HttpResponseMessage[] running = await Task.WhenAll(Enumerable.Range(0, Downloads).Select(i => OpenAsync(proxy, $"o{i % Objects}")));
        Task[] reads = [.. running.Select((response, i) => Reads.RestAsync(response, contents[i % Objects]))];
        Assert.Equal(HttpStatusCode.OK, await ReadinessAsync(proxy));

        proxy.Signal(ProcessSignal.Terminate);

        await FileProxy.UntilAsync(async () => !await AcceptsAsync(proxy));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadinessAsync(proxy));
        Assert.DoesNotContain(reads, read => read.IsCompleted);
        gate.Release();
        await Task.WhenAll(reads);
        Assert.Equal(0, await EndAsync(proxy));
        Assert.Contains("All requests were finished.", proxy.DescribeLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_requests_are_served_during_the_delay()
    {
        await using FleetReplica proxy = await StartAsync("drain: { readinessDelay: 10m }");
        SyntheticContent content = _origin.PutSynthetic(TestProxy.Bucket, "o", ObjectBytes, 1);
        proxy.Signal(ProcessSignal.Terminate);
        await FileProxy.UntilAsync(async () => await ReadinessAsync(proxy) == HttpStatusCode.ServiceUnavailable);
        for (int i = 0; i < 3; i++)
        {
            using HttpClient fresh = new(FileProxy.NewHandler());
            using HttpResponseMessage response = await fresh.GetAsync(new Uri(proxy.Endpoint, $"/{TestProxy.Bucket}/o"), HttpCompletionOption.ResponseHeadersRead);
            await Reads.RestAsync(response, content);
        }

        Assert.False(proxy.HasEnded);
    }

    [Theory]
    [InlineData("drain: { readinessDelay: 0s }", true)]
    [InlineData("drain: { readinessDelay: 0s, timeout: 300ms }", false)]
    [InlineData("drain: { readinessDelay: 10m, timeout: 0s }", true)]
    public async Task A_second_signal_or_the_time_out_cuts_off_what_still_runs(string drain, bool isAskedTwice)
    {
        HoldBodies();
        await using FleetReplica proxy = await StartAsync(drain);
        SyntheticContent content = _origin.PutSynthetic(TestProxy.Bucket, "slow", ObjectBytes, 1);
        using HttpResponseMessage running = await OpenAsync(proxy, "slow");
        proxy.Signal(ProcessSignal.Terminate);
        if (isAskedTwice)
        {
            await FileProxy.UntilAsync(() => Task.FromResult(proxy.DescribeLog().Contains("Asked to end", StringComparison.Ordinal)));
            proxy.Signal(ProcessSignal.Terminate);
        }

        Assert.True(await Reads.BreaksOffAsync(running, content));
        Assert.Equal(3, await EndAsync(proxy));
    }

    [Fact]
    public async Task A_hangup_has_the_configuration_read_again_and_the_access_log_opened_again()
    {
        const string Log = "accessLog: { format: common, path: access.log }";
        string log = Path.Combine(_directory.FullName, "access.log");
        await using FleetReplica proxy = await StartAsync(Log);
        _origin.PutSynthetic(TestProxy.Bucket, "o", 1000, 1);
        using (HttpResponseMessage open = await OpenAsync(proxy, "o"))
        {
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }

        await FileProxy.UntilAsync(() => Task.FromResult(File.Exists(log) && new FileInfo(log).Length > 0));
        File.Move(log, log + ".1");
        await WriteAsync(Log, FileConfigurations.WithKeys("A"));
        proxy.Signal(ProcessSignal.Hangup);

        await FileProxy.UntilAsync(async () =>
        {
            using HttpResponseMessage response = await OpenAsync(proxy, "o");
            return response.StatusCode == HttpStatusCode.Forbidden;
        });
        await FileProxy.UntilAsync(() => Task.FromResult(File.Exists(log) && File.ReadAllText(log).Contains(" 403 ", StringComparison.Ordinal)));
        Assert.Contains(" 200 ", await File.ReadAllTextAsync(log + ".1"), StringComparison.Ordinal);
        Assert.False(proxy.HasEnded);
    }

    private async Task<FleetReplica> StartAsync(string drain)
    {
        await WriteAsync(drain, FileConfigurations.Open);
        return await FleetReplica.StartAsync(
            0, new FleetOptions().ProxyAssembly, Path.Combine(_directory.FullName, "s3proxy.yaml"), Path.Combine(_directory.FullName, Guid.NewGuid() + ".log"), new Dictionary<string, string>());
    }

    private Task WriteAsync(string drain, string yaml) => File.WriteAllTextAsync(
        Path.Combine(_directory.FullName, "s3proxy.yaml"),
        $"listen: {{ endpoint: \"http://127.0.0.1:0\", admin: \"http://127.0.0.1:0\" }}\n{drain}\n"
            + yaml.Replace("THE-PLACE", _origin.Endpoint.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

    private Task<HttpResponseMessage> OpenAsync(FleetReplica proxy, string key) =>
        _client.GetAsync(new Uri(proxy.Endpoint, $"/{TestProxy.Bucket}/{key}"), HttpCompletionOption.ResponseHeadersRead);

    private async Task<HttpStatusCode> ReadinessAsync(FleetReplica proxy)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(proxy.Admin, "/readyz"));
        return response.StatusCode;
    }

    /// <summary>Has the origin send a part of each body only, until the gate is opened.</summary>
    private OriginGate HoldBodies()
    {
        OriginGate gate = new();
        _origin.Faults.Add(new RequestMatch(), new FaultEffects { HoldInBody = new BodyHold(gate, Reads.MiB) });
        return gate;
    }

    /// <summary>
    /// Asks on a connection of its own; false when none is accepted any more. An answer must be a good one. Where the port is closed while the kernel keeps the connection for it, or before the request was
    /// read, the connection is reset or ended: that is a refusal too.
    /// </summary>
    private static async Task<bool> AcceptsAsync(FleetReplica proxy)
    {
        using HttpClient fresh = new(FileProxy.NewHandler());
        try
        {
            using HttpResponseMessage response = await fresh.GetAsync(new Uri(proxy.Endpoint, $"/{TestProxy.Bucket}/none"));
            return response.StatusCode == HttpStatusCode.NotFound ? true : throw new InvalidOperationException($"{response.StatusCode}");
        }
        catch (HttpRequestException error) when (IsRefusal(error))
        {
            return false;
        }
    }

    private static bool IsRefusal(HttpRequestException error) =>
        error.HttpRequestError == HttpRequestError.ResponseEnded
        || error.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset };

    private static async Task<int> EndAsync(FleetReplica proxy)
    {
        using CancellationTokenSource limit = new(EndLimit);
        return await proxy.WaitForEndAsync(limit.Token);
    }
}
