using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Configuration;
using S3Proxy.Draining;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;
using S3Proxy.Transport;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>What a drain waits for, without signals and clocks (requirement R2).</summary>
public sealed class DrainWaitTests
{
    private static readonly DrainConfiguration WithoutEnd = new() { Timeout = TimeSpan.Zero };

    public static TheoryData<string, string> Transports => new()
    {
        { "", "1.1" },
        { "zeroCopy: false, ", "1.1" },
        { "protocols: [http2], ", "2.0" },
    };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task The_admin_port_answers_until_the_data_requests_have_ended(string listen, string version)
    {
        await using FileProxy proxy = await FileProxy.StartAsync($"listen: {{ {listen}endpoint: \"http://127.0.0.1:0\", admin: \"http://127.0.0.1:0\" }}\n{FileConfigurations.Open}");
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", 3 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(new RequestMatch(), new FaultEffects { HoldInBody = new BodyHold(gate, Reads.MiB) });
        using HttpClient client = new(FileProxy.NewHandler()) { DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage running = await client.GetAsync(new Uri(proxy.Data, $"/{TestProxy.Bucket}/o"), HttpCompletionOption.ResponseHeadersRead);

        Task<bool> drain = Drain.WaitForEndAsync(proxy.App, () => WithoutEnd, CancellationToken.None, new CancellationToken(canceled: true));

        await FileProxy.UntilAsync(async () => !await AcceptsAsync(proxy.Data));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(proxy, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(proxy, "/healthz"));
        Assert.NotEmpty(await proxy.MetricsAsync("s3proxy_"));
        Assert.False(drain.IsCompleted);

        gate.Release();
        await Reads.RestAsync(running, content);
        Assert.True(await drain);
        Assert.False(await AcceptsAsync(proxy.Admin));
    }

    [Fact]
    public async Task Where_nothing_runs_nothing_is_cut_off_though_there_is_no_time()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        Assert.Equal("NotFound", await proxy.TextAsync("none"));
        await FileProxy.UntilAsync(() => Task.FromResult(proxy.Services.GetRequiredService<DataPort>().RunningRequests == 0));
        CancellationToken now = new(canceled: true);

        Assert.True(await Drain.WaitForEndAsync(proxy.App, () => WithoutEnd, now, now));
    }

    [Fact]
    public async Task A_request_that_runs_when_the_time_is_over_is_cut_off_and_told_of()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", 3 * Reads.MiB, 1);
        proxy.Origin.Faults.Add(new RequestMatch(), new FaultEffects { HoldInBody = new BodyHold(new OriginGate(), Reads.MiB) });
        using HttpResponseMessage running = await proxy.Client.GetAsync(new Uri(proxy.Data, $"/{TestProxy.Bucket}/o"), HttpCompletionOption.ResponseHeadersRead);
        CancellationToken now = new(canceled: true);

        Assert.False(await Drain.WaitForEndAsync(proxy.App, () => WithoutEnd, now, now));

        Assert.True(await Reads.BreaksOffAsync(running, content));
    }

    private static async Task<HttpStatusCode> StatusAsync(FileProxy proxy, string path)
    {
        using HttpResponseMessage response = await proxy.Client.GetAsync(new Uri(proxy.Admin, path));
        return response.StatusCode;
    }

    private static async Task<bool> AcceptsAsync(Uri endpoint)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, endpoint.Port));
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
