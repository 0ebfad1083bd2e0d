using System.Net;
using System.Net.Sockets;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests;

/// <summary>The process inside the test's own: arguments in, lines and exit code out.</summary>
public sealed class ProxyProcessTests : IDisposable
{
    private const string FreePorts = "listen: { endpoint: \"http://127.0.0.1:0\", admin: \"http://127.0.0.1:0\" }\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-").FullName;
    private readonly LineWriter _output = new();
    private readonly LineWriter _error = new();

    [Theory]
    [InlineData]
    [InlineData("--config")]
    [InlineData("--check-config")]
    [InlineData("--config", "a.yaml", "b.yaml")]
    [InlineData("--config", "a.yaml", "--conf")]
    public async Task Bad_arguments_exit_with_2_and_the_usage(params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));

        Assert.Empty(_output.Lines);
        Assert.Contains(_error.Lines, line => line.Contains("usage: s3proxy --config FILE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_is_not_an_error()
    {
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains(_output.Lines, line => line.Contains("--check-config", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_good_file_is_checked_and_nothing_is_started()
    {
        Assert.Equal(0, await RunAsync("--config", FileOf(Configurations.Full), "--check-config"));
        Assert.Equal(["configuration ok"], _output.Lines);
        Assert.Empty(_error.Lines);
    }

    [Theory]
    [InlineData("--check-config")]
    [InlineData]
    public async Task A_bad_file_exits_with_2_and_every_error(params string[] more)
    {
        string file = FileOf("cache: { sliceSize: 1 }\n" + Configurations.Least.Replace("mode: anonymous", "mode: open", StringComparison.Ordinal));

        Assert.Equal(2, await RunAsync(["--config", file, .. more]));

        Assert.Empty(_output.Lines);
        Assert.Collection(
            _error.Lines,
            line => Assert.StartsWith($"{file}:1:21: cache.sliceSize: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith($"{file}:7:15: auth.mode: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_tells_its_addresses_in_one_line_and_ends_when_asked()
    {
        using CancellationTokenSource stop = new();
        Task<int> running = new ProxyProcess(_output, _error, new Dictionary<string, string>())
            .RunAsync(["--config", FileOf(FreePorts + Configurations.Least)], stop.Token);

        string line = await _output.FirstLine.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        Assert.Matches(@"\As3proxy listening: data http://127\.0\.0\.1:[1-9]\d* admin http://127\.0\.0\.1:[1-9]\d*\z", line);
        await stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.Single(_output.Lines);
        Assert.Empty(_error.Lines);
    }

    [Fact]
    public async Task Asked_to_end_before_it_listens_it_ends_well()
    {
        string[] arguments = ["--config", FileOf(FreePorts + Configurations.Least)];

        Assert.Equal(0, await new ProxyProcess(_output, _error, new Dictionary<string, string>()).RunAsync(arguments, new CancellationToken(canceled: true)));

        Assert.Empty(_output.Lines);
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string listen = $"listen: {{ endpoint: \"http://{taken.LocalEndpoint}\", admin: \"http://127.0.0.1:0\" }}\n";

        Assert.Equal(1, await RunAsync("--config", FileOf(listen + Configurations.Least)));

        Assert.Empty(_output.Lines);
        Assert.Contains("address already in use", Assert.Single(_error.Lines), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new ProxyProcess(_output, _error, new Dictionary<string, string>()).RunAsync(arguments, CancellationToken.None);

    private string FileOf(string yaml)
    {
        string file = Path.Combine(_directory, "s3proxy.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
