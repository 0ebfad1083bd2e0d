using System.Net;
using System.Threading.Channels;
using S3Proxy.Demo.Processes;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.PeersTests.Commands;

/// <summary>The command of the quick start: it tells where the dashboard is, answers there, verifies what it reads, and takes all it started with it.</summary>
public sealed class LiveCommandTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-live-tests").FullName;

    [Fact]
    public async Task It_runs_until_it_is_asked_to_end_and_leaves_nothing()
    {
        if (SupervisedProcess.FindMissing() is { } missing)
        {
            output.WriteLine($"Not run: {missing}");
            return;
        }

        using CancellationTokenSource limit = new(Limit);
        Channel<string> lines = Channel.CreateUnbounded<string>();
        await using SupervisedProcess demo = await SupervisedProcess.StartAsync(
            [DotnetHost.Path, Path.Combine(AppContext.BaseDirectory, "S3Proxy.Demo.dll"), "live"],
            Path.Combine(_directory, "errors"),
            new Dictionary<string, string>(),
            line => lines.Writer.TryWrite(line),
            ProcessSignal.Terminate);
        Uri dashboard = await FindDashboardAsync(lines.Reader, limit.Token);
        using HttpClient client = new();
        Assert.Contains("<html", await client.GetStringAsync(dashboard, limit.Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(dashboard, "/admin/overview"), limit.Token)).StatusCode);
        while (!(await client.GetStringAsync(new Uri(dashboard, "/metrics"), limit.Token)).Contains("outcome=\"HIT\"", StringComparison.Ordinal))
        {
            // Until an object has been read twice; the limit bounds it.
        }

        demo.Send(ProcessSignal.Terminate);
        Assert.Equal(0, await demo.WaitForEndAsync(limit.Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(dashboard, limit.Token));
    }

    [Fact]
    public async Task It_ends_by_itself_after_the_time_asked_for()
    {
        ProgramResult run = await RunAsync("live", "--seconds", "2");
        Assert.True(run.Succeeded, run.Output + run.Error);
        Assert.Contains("0 wrong, 0 failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("Stopped; every byte was right.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        using System.Net.Sockets.TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        ProgramResult run = await RunAsync("live", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cannot listen", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<Uri> FindDashboardAsync(ChannelReader<string> lines, CancellationToken cancellationToken)
    {
        const string Mark = "Dashboard";
        while (true)
        {
            string line = await lines.ReadAsync(cancellationToken);
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                return new Uri(line[Mark.Length..].Trim());
            }
        }
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) =>
        InstalledProgram.FindIn([Path.GetDirectoryName(DotnetHost.Path)!], "dotnet", _directory)!
            .WithLimit(Limit)
            .RunAsync([Path.Combine(AppContext.BaseDirectory, "S3Proxy.Demo.dll"), .. arguments]);
}
