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
        services.AddTransport(Listening(zeroCopy: true, inline: true));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.IsType<ClientTransportFactory>(provider.GetService<IConnectionListenerFactory>());
        Assert.Equal(8192, provider.GetRequiredService<IOptions<SocketTransportOptions>>().Value.Backlog);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_client_that_stops_reading_is_cut_off_by_the_minimum_data_rate(bool zeroCopy, bool inline)
    {
        TaskCompletionSource cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApplication app = Build(Listening(zeroCopy, inline), new MinDataRate(1e9, TimeSpan.FromSeconds(1.5)), async http =>
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
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Chunked_answers_and_uploads_that_ask_first_pass(bool zeroCopy, bool inline)
    {
        await using WebApplication app = Build(Listening(zeroCopy, inline), minDataRate: null, async http =>
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
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_bad_request_is_answered_and_the_connection_closed(bool zeroCopy, bool inline)
    {
        await using WebApplication app = Build(Listening(zeroCopy, inline), minDataRate: null, static _ => Task.CompletedTask);
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        await client.SendAsync("NONSENSE\r\n\r\n"u8.ToArray());
        string answer = await ReceiveUntilAsync(client, end: null);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        await app.StopAsync();
    }

    /// <summary>Headers of more than one receive, and requests that are cut anywhere, are answered each and in their order.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_sent_without_waiting_are_answered_in_order(bool inline)
    {
        const int Requests = 300;
        await using WebApplication app = Build(Listening(zeroCopy: true, inline), minDataRate: null, static http => http.Response.WriteAsync($"{http.Request.Path}:{http.Request.Headers["x-long"].ToString().Length};"));
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        Random random = new(7);
        StringBuilder expected = new();
        StringBuilder requests = new();
        for (int i = 0; i < Requests; i++)
        {
            int length = i % 10 == 0 ? random.Next(20_000) : random.Next(100);
            requests.Append($"GET /{i} HTTP/1.1\r\nHost: x\r\nx-long: {new string('a', length)}\r\n\r\n");
            expected.Append($"/{i}:{length};");
        }

        requests.Append("GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        byte[] bytes = Encoding.ASCII.GetBytes(requests.ToString());
        Task sending = Task.Run(async () =>
        {
            for (int at = 0; at < bytes.Length;)
            {
                at += await client.SendAsync(bytes.AsMemory(at, Math.Min(bytes.Length - at, random.Next(1, 9000))));
            }
        });
        string answers = await ReceiveUntilAsync(client, end: null);
        await sending;
        string[] bodies = [.. answers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(static line => line.StartsWith('/'))];
        Assert.Equal($"{expected}/last:0;", string.Concat(bodies));
        await app.StopAsync();
    }

    /// <summary>Who fetches for a client wants to know that it has left, whether it says good-bye or breaks off.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_aborts_its_request(bool breaksOff)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApplication app = Build(Listening(zeroCopy: true, inline: true), minDataRate: null, async http =>
        {
            using CancellationTokenRegistration registration = http.RequestAborted.Register(() => aborted.TrySetResult());
            begun.TrySetResult();
            await aborted.Task;
        });
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.False(aborted.Task.IsCompleted);
        client.Close(breaksOff ? 0 : -1);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await app.StopAsync();
    }

    /// <summary>The end is told after what can be answered at once was answered, on a connection that waits for its next request.</summary>
    [Fact]
    public async Task A_client_that_asks_and_says_it_sends_no_more_is_answered()
    {
        await using WebApplication app = Build(Listening(zeroCopy: true, inline: true), minDataRate: null, static http => http.Response.WriteAsync("answer"));
        await app.StartAsync();
        for (int i = 0; i < 10; i++)
        {
            using Socket client = await ConnectAsync(app);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await ReceiveUntilAsync(client, "0\r\n\r\n");

            // Bytes and end by one packet, so that they are heard of together.
            client.NoDelay = false;
            client.SetRawSocketOption(6, 3, [1, 0, 0, 0]);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            client.Shutdown(SocketShutdown.Send);
            Assert.Contains("answer", await ReceiveUntilAsync(client, end: null), StringComparison.Ordinal);
        }

        await app.StopAsync();
    }

    /// <summary>A body without a length ends with its connection: an answer that breaks off must not look like the end.</summary>
    [Fact]
    public async Task An_answer_that_is_broken_off_is_a_reset_and_no_end()
    {
        await using WebApplication app = Build(Listening(zeroCopy: true, inline: true), minDataRate: null, static async http =>
        {
            await http.Response.WriteAsync("some");
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        await client.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => ReceiveUntilAsync(client, end: null));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        await app.StopAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Large_uploads_come_whole(bool isChunked, bool inline)
    {
        byte[] body = new byte[5_000_000];
        new Random(3).NextBytes(body);
        await using WebApplication app = Build(Listening(zeroCopy: true, inline), minDataRate: null, async http =>
        {
            using MemoryStream received = new();
            await http.Request.Body.CopyToAsync(received);
            await http.Response.WriteAsync(body.AsSpan().SequenceEqual(received.ToArray()) ? "same" : "other");
        });
        await app.StartAsync();
        using HttpClient http = new();
        using StreamContent content = new(new MemoryStream(body));
        using HttpRequestMessage request = new(HttpMethod.Put, ProxyHost.AddressOf(app, ListenerRole.Data)) { Content = content };
        request.Headers.TransferEncodingChunked = isChunked ? true : null;
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal("same", await response.Content.ReadAsStringAsync());
        await app.StopAsync();
    }

    /// <summary>What nobody wants to read must not turn the answer into a reset.</summary>
    [Fact]
    public async Task An_upload_that_is_refused_before_it_is_read_gets_its_answer()
    {
        await using WebApplication app = Build(Listening(zeroCopy: true, inline: true), minDataRate: null, static http =>
        {
            http.Response.StatusCode = 403;
            http.Response.Headers.Connection = "close";
            return http.Response.WriteAsync("no");
        });
        await app.StartAsync();
        using Socket client = await ConnectAsync(app);
        byte[] request = [.. "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n"u8, .. new byte[300_000]];
        await client.SendAsync(request);
        string answer = await ReceiveUntilAsync(client, end: null);
        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Contains("no", answer, StringComparison.Ordinal);
        await app.StopAsync();
    }

    private static ListenConfiguration Listening(bool zeroCopy, bool inline) => new()
    {
        Endpoint = new IPEndPoint(IPAddress.Loopback, 0),
        Admin = new IPEndPoint(IPAddress.Loopback, 0),
        ZeroCopy = zeroCopy,
        InlineScheduling = inline,
    };

    private static WebApplication Build(ListenConfiguration listen, MinDataRate? minDataRate, RequestDelegate answer)
    {
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
