using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Caching.Memory;
using S3Proxy.FastPath;
using S3Proxy.Testing;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.FastPath;

/// <summary>What is answered at once, and what the server sees of a connection, on real sockets.</summary>
public sealed partial class FastPathReaderTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly KestrelServerLimits Limits = new() { KeepAliveTimeout = TimeSpan.FromMinutes(16), MinResponseDataRate = new MinDataRate(1000, TimeSpan.FromSeconds(5)) };
    private static readonly TimeSpan ServersTurn = TimeSpan.FromMinutes(1);
    private readonly EventLoop _loop = new("test");
    private readonly ManualTimeProvider _time = new();
    private readonly PagePool _pages = new(64L << 20);
    private readonly ScriptedPipeline _pipeline;
    private readonly List<string> _served = [];
    private SocketPair _pair = null!;
    private LoopConnection _connection = null!;

    public FastPathReaderTests() => _pipeline = new ScriptedPipeline(_pages);

    public async Task InitializeAsync() => await ConnectAsync(bufferBytes: null);

    public async Task DisposeAsync() => await _connection.DisposeAsync();

    public void Dispose()
    {
        _loop.Dispose();
        _pair.Dispose();
        _pipeline.Dispose();
        _pages.Dispose();
    }

    /// <summary>Whatever the order, and wherever the bytes are cut on their way, answers come in order, and the server sees each of its requests by itself.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 100)]
    [InlineData(4, 100_000)]
    public async Task Requests_that_follow_one_another_are_answered_in_order(int seed, int pieceBytes)
    {
        Random random = new(seed);
        int[] sizes = [0, 1, 1024, 4096, 5000, 40_000, 65_536];
        string[] targets = [.. Enumerable.Range(0, 200).Select(i => random.Next(3) == 0 ? $"/miss/{i}" : $"/hit/{sizes[random.Next(sizes.Length)]}")];
        byte[] sent = Encoding.ASCII.GetBytes(string.Concat(targets.Select(Request)));
        Task serving = ServeAsync();
        Task sending = Task.Run(async () =>
        {
            for (int at = 0; at < sent.Length; at += pieceBytes)
            {
                await _pair.Client.SendAsync(sent.AsMemory(at, Math.Min(pieceBytes, sent.Length - at)));
            }
        });
        foreach (string target in targets)
        {
            await AssertAnsweredAsync(target);
        }

        await sending;
        Assert.Equal(targets.Where(target => target.StartsWith("/miss", StringComparison.Ordinal)).Select(Request), _served);
        await AssertEndedAsync(targets.Length - _served.Count);
        await EndAsync(serving);
    }

    /// <summary>From there on nobody knows where a request begins but the server: what looks like a request may be a body.</summary>
    [Theory]
    [InlineData("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 39\r\n\r\n")]
    [InlineData("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n27\r\n")]
    [InlineData("GET /a HTTP/1.1\nHost: x\n\n")]
    [InlineData("GET /hit/5 HTTP/1.1\r\nHost: x\r\nContent-Length: 39\r\n\r\n")]
    public async Task After_any_other_request_everything_is_the_servers(string other)
    {
        await SendAsync(Request("/hit/10"));
        Task<ReadResult> reading = ReadAsync();
        await AssertAnsweredAsync("/hit/10");
        foreach (string part in new[] { other, Request("/hit/10"), Request("/hit/20") + Request("/hit/30"), Request("/hit/40") })
        {
            await SendAsync(part);
            StringBuilder seen = new();
            while (seen.Length < part.Length)
            {
                ReadResult result = await reading;
                seen.Append(Encoding.ASCII.GetString(result.Buffer));
                _connection.Transport.Input.AdvanceTo(result.Buffer.End);
                reading = ReadAsync();
            }

            Assert.Equal(part, seen.ToString());
        }

        await AssertEndedAsync(1);
    }

    /// <summary>A request that was lent is the server's up to its end, and no further; a server that has read less reads on in it.</summary>
    [Fact]
    public async Task A_server_that_has_not_read_all_of_its_request_gets_the_rest_of_the_connection()
    {
        string sent = Request("/miss/1") + Request("/hit/1");
        await SendAsync(sent);
        ReadResult result = await ReadAsync();
        Assert.Equal(Request("/miss/1"), Encoding.ASCII.GetString(result.Buffer));
        _connection.Transport.Input.AdvanceTo(result.Buffer.GetPosition(5), result.Buffer.End);
        result = await ReadAsync();
        Assert.Equal(sent[5..], Encoding.ASCII.GetString(result.Buffer));
        _connection.Transport.Input.AdvanceTo(result.Buffer.End);
        await SendAsync(Request("/hit/2"));
        result = await ReadAsync();
        Assert.Equal(Request("/hit/2"), Encoding.ASCII.GetString(result.Buffer));
        Assert.Equal(0, _pipeline.Ended);
    }

    /// <summary>The server closes connections that it has not heard of for a while, however busy they are.</summary>
    [Fact]
    public async Task The_server_has_its_turn_from_time_to_time()
    {
        Task serving = ServeAsync();
        await AskAsync("/hit/1");
        _time.Advance(ServersTurn - TimeSpan.FromTicks(1));
        await AskAsync("/hit/1");
        Assert.Empty(_served);
        _time.Advance(TimeSpan.FromTicks(1));
        await SendAsync(Request("/hit/1"));
        Assert.Equal("/hit/1;", Encoding.ASCII.GetString(await _pair.ReceiveAsync(7)));
        await AskAsync("/hit/1");
        Assert.Equal([Request("/hit/1")], _served);
        await AssertEndedAsync(3);
        await EndAsync(serving);
    }

    /// <summary>A server that ends its connections does so between requests: it must be woken, and see what comes then.</summary>
    [Fact]
    public async Task A_server_that_wants_to_end_is_woken_and_gets_what_follows()
    {
        Task<ReadResult> reading = ReadAsync();
        await AskAsync("/hit/1");
        _connection.Transport.Input.CancelPendingRead();
        ReadResult result = await reading;
        Assert.True(result.IsCanceled);
        _connection.Transport.Input.AdvanceTo(result.Buffer.Start);
        await SendAsync(Request("/hit/2"));
        Assert.Equal(Request("/hit/2"), Encoding.ASCII.GetString((await ReadAsync()).Buffer));
    }

    /// <summary>Once it is decided that the connection ends in order, no answer begins that could be cut.</summary>
    [Fact]
    public async Task Nothing_is_sent_on_a_connection_that_ends_in_order()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim ended = new();
        _pipeline.Asked = _ =>
        {
            asked.SetResult();
            Assert.True(ended.Wait(Limit));
        };
        Task<ReadResult> reading = ReadAsync();
        await SendAsync(Request("/hit/60000"));
        await asked.Task;
        _connection.Abort(null!);
        ended.Set();
        Assert.Empty(await _pair.ReceiveAsync(1));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading);
    }

    /// <summary>What cannot be counted is right all the same.</summary>
    [Fact]
    public async Task An_answer_that_cannot_be_counted_is_sent_whole()
    {
        _pipeline.FailsToEnd = true;
        Task serving = ServeAsync();
        await AskAsync("/hit/60000");
        await AskAsync("/hit/5");
        await EndAsync(serving);
    }

    /// <summary>Everybody is limited, or traced: nothing is parsed twice.</summary>
    [Fact]
    public async Task Where_nobody_may_be_answered_nobody_is_asked()
    {
        _pipeline.MayAnswer = false;
        _pipeline.Asked = _ => Assert.Fail("Asked.");
        Task serving = ServeAsync();
        await SendAsync(Request("/hit/3"));
        Assert.Equal("/hit/3;", Encoding.ASCII.GetString(await _pair.ReceiveAsync(7)));
        await EndAsync(serving);
    }

    /// <summary>The server finds out what is wrong, and tells the client.</summary>
    [Fact]
    public async Task A_bug_in_the_stages_is_the_servers()
    {
        Task serving = ServeAsync();
        await SendAsync(Request("/bug"));
        Assert.Equal("/bug;", Encoding.ASCII.GetString(await _pair.ReceiveAsync(5)));
        await AskAsync("/hit/3");
        await EndAsync(serving);
    }

    /// <summary>A value that no head may have, and a head without room.</summary>
    [Theory]
    [InlineData("a\r\nb: c", 1)]
    [InlineData("a", 20_000)]
    public async Task What_cannot_be_written_is_the_servers(string value, int times)
    {
        _pipeline.Asked = http => http.Response.Headers["x-long"] = string.Concat(Enumerable.Repeat(value, times));
        Task serving = ServeAsync();
        await SendAsync(Request("/hit/3"));
        Assert.Equal("/hit/3;", Encoding.ASCII.GetString(await _pair.ReceiveAsync(7)));
        Assert.Equal(0, _pipeline.Ended);
        await EndAsync(serving);
    }

    [Fact]
    public async Task The_end_of_the_client_is_the_servers()
    {
        Task<ReadResult> reading = ReadAsync();
        await AskAsync("/hit/3");
        _pair.Client.Shutdown(SocketShutdown.Send);
        ReadResult result = await reading.WaitAsync(Limit, TimeProvider.System);
        Assert.True(result is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    /// <summary>Waits, within a bound, until so many answers are counted: a client may have its answer before.</summary>
    private async Task AssertEndedAsync(int expected)
    {
        using CancellationTokenSource limit = new(Limit);
        while (_pipeline.Ended < expected && !limit.IsCancellationRequested)
        {
            await Task.Yield();
        }

        Assert.Equal(expected, _pipeline.Ended);
    }

    private static string Request(string target) => $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n";

    private async Task ConnectAsync(int? bufferBytes)
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            _pair.Dispose();
        }

        _pair = await SocketPair.ConnectAsync(bufferBytes);
        InstantAnswers answers = new(_pipeline, _time, Limits, NullLogger.Instance);
        _connection = new LoopConnection(_pair.Server, _loop, new LoopConnectionOptions(IsInline: true, SendsPages: true, RefersLocally: false, answers), NullLogger.Instance);
    }

    private Task<ReadResult> ReadAsync() => _connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Limit, TimeProvider.System);

    private async Task SendAsync(string text) => await _pair.Client.SendAsync(Encoding.ASCII.GetBytes(text));

    private async Task AskAsync(string target)
    {
        await SendAsync(Request(target));
        await AssertAnsweredAsync(target);
    }

    /// <summary>Receives the answer of the stages or that of <see cref="ServeAsync"/>, to the byte.</summary>
    private async Task AssertAnsweredAsync(string target)
    {
        if (!target.StartsWith("/hit/", StringComparison.Ordinal))
        {
            Assert.Equal($"{target};", Encoding.ASCII.GetString(await _pair.ReceiveAsync(target.Length + 1)));
            return;
        }

        int bytes = int.Parse(target.AsSpan(5), CultureInfo.InvariantCulture);
        string head = $"HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\nDate: {_time.GetUtcNow():R}\r\n\r\n";
        Assert.Equal(head, Encoding.ASCII.GetString(await _pair.ReceiveAsync(head.Length)));
        Assert.True((await _pair.ReceiveAsync(bytes)).AsSpan().SequenceEqual(ScriptedPipeline.ContentOf(bytes)));
    }

    /// <summary>A server: answers each request with its target, until the client has ended the connection.</summary>
    private async Task ServeAsync()
    {
        PipeReader input = _connection.Transport.Input;
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            if (result.IsCompleted)
            {
                return;
            }

            string request = Encoding.ASCII.GetString(result.Buffer);
            Assert.EndsWith("\r\n\r\n", request, StringComparison.Ordinal);
            _served.Add(request);
            input.AdvanceTo(result.Buffer.End);
            await _connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes($"{request.Split(' ')[1]};"));
        }
    }

    private async Task EndAsync(Task serving)
    {
        _pair.Client.Shutdown(SocketShutdown.Send);
        await serving.WaitAsync(Limit, TimeProvider.System);
    }
}
