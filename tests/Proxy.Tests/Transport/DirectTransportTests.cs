using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Transport;

namespace S3Proxy.Tests.Transport;

/// <summary>Kestrel with the transport under it: what it does for its connections must still be done.</summary>
public sealed class DirectTransportTests
{
    [Fact]
    public void Many_may_wait_to_be_accepted()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddTransport(Listening(zeroCopy: true));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.IsType<ClientTransportFactory>(provider.GetService<IConnectionListenerFactory>());
        Assert.Equal(8192, provider.GetRequiredService<IOptions<SocketTransportOptions>>().Value.Backlog);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_stops_reading_is_cut_off_by_the_minimum_data_rate(bool zeroCopy)
    {
        TaskCompletionSource cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApplication app = Build(zeroCopy, new MinDataRate(1e9, TimeSpan.FromSeconds(1.5)), async http =>
        {
            byte[] piece = new byte[1 << 20];
            http.Response.ContentLength = 1L << 40;
            try
            {
                while (!(await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted)).IsCompleted && !http.RequestAborted.IsCancellationRequested)
                {
                }
            }
            catch (OperationCanceledException)
            {
                // The other way to be told.
            }

            cutOff.TrySetResult();
        });
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        await cutOff.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await app.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chunked_answers_and_uploads_that_ask_first_pass(bool zeroCopy)
    {
        await using WebApplication app = Build(zeroCopy, minDataRate: null, async http =>
        {
            using StreamReader reader = new(http.Request.Body);
            string body = await reader.ReadToEndAsync();
            for (int i = 0; i < 3; i++)
            {
                await http.Response.WriteAsync(body);
                await http.Response.Body.FlushAsync();
            }
        });
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        await client.SendAsync("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"u8.ToArray());
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await ReceiveUntilAsync(client, "\r\n\r\n"));
        await client.SendAsync("abc"u8.ToArray());
        string answer = await ReceiveUntilAsync(client, "0\r\n\r\n");
        Assert.EndsWith("\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
        await app.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bad_request_is_answered_and_the_connection_closed(bool zeroCopy)
    {
        await using WebApplication app = Build(zeroCopy, minDataRate: null, static _ => Task.CompletedTask);
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        await client.SendAsync("NONSENSE\r\n\r\n"u8.ToArray());
        string answer = await ReceiveUntilAsync(client, end: null);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        await app.StopAsync();
    }

    private static ListenConfiguration Listening(bool zeroCopy) => new()
    {
        Endpoint = new IPEndPoint(IPAddress.Loopback, 0),
        Admin = new IPEndPoint(IPAddress.Loopback, 0),
        ZeroCopy = zeroCopy,
    };

    private static WebApplication Build(bool zeroCopy, MinDataRate? minDataRate, RequestDelegate answer)
    {
        ListenConfiguration listen = Listening(zeroCopy);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = minDataRate;
            kestrel.Listen(listen.Endpoint);
        });
        builder.Services.AddTransport(listen);
        WebApplication app = builder.Build();
        app.Run(answer);
        return app;
    }

    private static async Task<Socket> ConnectAsync(WebApplication app)
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ProxyHost.AddressOf(app, ListenerRole.Data).Port));
        return client;
    }

    /// <summary>Receives until the text ends with <paramref name="end"/>, or until the other side closes.</summary>
    private static async Task<string> ReceiveUntilAsync(Socket client, string? end)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        int read;
        while ((end is null || !text.ToString().EndsWith(end, StringComparison.Ordinal)) && (read = await client.ReceiveAsync(buffer, limit.Token)) > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
