using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Pipeline;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

/// <summary>How connections end.</summary>
public sealed class LoopConnectionTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly EventLoop _loop = new("test");
    private SocketPair _pair = null!;

    public async Task InitializeAsync() => _pair = await SocketPair.ConnectAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _loop.Dispose();
        _pair.Dispose();
    }

    /// <summary>Kestrel aborts without a reason when the client has sent its last byte; its answer may be on its way then.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_written_arrives_before_an_end_in_order(bool isDisposed)
    {
        const int Bytes = 60_000;
        await using LoopConnection connection = Open();
        await connection.Transport.Output.WriteAsync(new byte[Bytes]);

        // Unread bytes would make the close a reset.
        await _pair.Client.SendAsync(new byte[5000]);
        if (isDisposed)
        {
            await connection.DisposeAsync();
        }
        else
        {
            connection.Abort(null);
        }

        Assert.Equal(Bytes, (await _pair.ReceiveAsync(Bytes + 1)).Length);
        Assert.True(connection.ConnectionClosed.IsCancellationRequested || !isDisposed);
    }

    [Fact]
    public async Task An_end_in_order_while_a_request_runs_is_a_reset()
    {
        await using LoopConnection connection = Open();
        ListenerFeature listener = new(ListenerRole.Data);
        connection.Features.Set(listener);
        await connection.Transport.Output.WriteAsync(new byte[10]);
        listener.Enter();
        connection.Abort(null);
        await Assert.ThrowsAsync<SocketException>(() => _pair.ReceiveAsync(11));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_end_in_order_with_a_part_unsent_is_a_reset(bool isDisposed)
    {
        await using LoopConnection connection = Open();
        Task<FlushResult> flush = connection.Transport.Output.WriteAsync(new byte[64 << 20]).AsTask();
        Assert.False(flush.IsCompleted);
        if (isDisposed)
        {
            await connection.DisposeAsync();
        }
        else
        {
            connection.Abort(null);
        }

        await Assert.ThrowsAsync<SocketException>(() => _pair.ReceiveAsync(64 << 20));
        Assert.True((await flush.WaitAsync(Limit, TimeProvider.System)).IsCompleted);
    }

    [Fact]
    public async Task An_abort_with_a_reason_is_a_reset_and_told_to_who_reads_and_writes()
    {
        await using LoopConnection connection = Open();
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = connection.ConnectionClosed.Register(closed.SetResult);
        Task<ReadResult> read = connection.Transport.Input.ReadAsync().AsTask();
        Task<FlushResult> flush = connection.Transport.Output.WriteAsync(new byte[64 << 20]).AsTask();
        Assert.False(flush.IsCompleted);
        connection.Abort(new ConnectionAbortedException("enough"));

        Assert.Equal("enough", (await Assert.ThrowsAsync<ConnectionAbortedException>(() => read.WaitAsync(Limit, TimeProvider.System))).Message);
        Assert.True((await flush.WaitAsync(Limit, TimeProvider.System)).IsCompleted);
        await closed.Task.WaitAsync(Limit, TimeProvider.System);
        await Assert.ThrowsAsync<SocketException>(() => _pair.ReceiveAsync(64 << 20));
    }

    /// <summary>The end is told with the bytes before it, as nobody reads on while the request runs.</summary>
    [Fact]
    public async Task A_client_that_asks_and_leaves_at_once_is_known_to_have_left()
    {
        await _pair.Client.SendAsync("GET"u8.ToArray());
        _pair.Client.Shutdown(SocketShutdown.Send);
        await WaitForEndAsync();
        await using LoopConnection connection = Open();
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = connection.ConnectionClosed.Register(closed.SetResult);
        ReadResult result = await connection.Transport.Input.ReadAsync();
        Assert.Equal("GET"u8.ToArray(), result.Buffer.ToArray());
        await closed.Task.WaitAsync(Limit, TimeProvider.System);
    }

    /// <summary>What the end follows is all read before anybody hears of it.</summary>
    [Fact]
    public async Task The_end_behind_much_is_told_when_all_was_read()
    {
        byte[] sent = new byte[30_000];
        new Random(5).NextBytes(sent);
        await _pair.Client.SendAsync(sent);
        _pair.Client.Shutdown(SocketShutdown.Send);
        await WaitForEndAsync();
        await using LoopConnection connection = Open();
        PipeReader input = connection.Transport.Input;
        List<byte> received = [];
        ReadResult result;
        do
        {
            Assert.True(received.Count > sent.Length / 2 || !connection.ConnectionClosed.IsCancellationRequested);
            result = await input.ReadAsync();
            received.AddRange(result.Buffer.ToArray());
            input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        Assert.True(sent.AsSpan().SequenceEqual([.. received]));
    }

    /// <summary>A read that its owner has given up must neither hang nor receive into an array that somebody else has by then.</summary>
    [Fact]
    public async Task A_read_that_was_given_up_ends_with_the_connection()
    {
        LoopConnection connection = Open();
        Task<ReadResult> read = connection.Transport.Input.ReadAsync().AsTask();
        await connection.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => read.WaitAsync(Limit, TimeProvider.System));
    }

    private LoopConnection Open() => new(_pair.Server, _loop, new LoopConnectionOptions(IsInline: true, SendsPages: true, RefersLocally: false), NullLogger.Instance);

    /// <summary>Ends when the client's end has come to this side: there is a byte to peek at, and the kernel tells of the end behind it.</summary>
    private async Task WaitForEndAsync()
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong token = _loop.Watch(_pair.Server.SafeHandle, new EventRecorder(events =>
        {
            if (events.HasFlag(S3Proxy.Native.SocketEvents.PeerEnded))
            {
                ended.TrySetResult();
            }
        }));
        await ended.Task.WaitAsync(Limit, TimeProvider.System);
        _loop.Forget(_pair.Server.SafeHandle, token);
    }
}
