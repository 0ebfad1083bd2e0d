using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using S3Proxy.Native;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

/// <summary>The input of a connection on real sockets.</summary>
public sealed partial class SocketPipeReaderTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly EventLoop _loop = new("test");
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SocketPair _pair = null!;
    private SocketPipeReader _reader = null!;

    public async Task InitializeAsync()
    {
        _pair = await SocketPair.ConnectAsync();
        _reader = Open(_pair, () => _ended.TrySetResult());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _loop.Dispose();
        _pair.Dispose();
    }

    /// <summary>Whatever is consumed and examined of each piece, the bytes come once, in their order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Everything_comes_once_however_it_is_taken(int seed)
    {
        Random random = new(seed);
        byte[] sent = new byte[3 << 20];
        random.NextBytes(sent);
        Task sending = Task.Run(async () =>
        {
            Random sizes = new(-seed);
            for (int at = 0; at < sent.Length;)
            {
                int take = Math.Min(sent.Length - at, 1 << sizes.Next(18));
                at += await _pair.Client.SendAsync(sent.AsMemory(at, take));
            }

            _pair.Client.Shutdown(SocketShutdown.Send);
        });
        List<byte> received = new(sent.Length);
        int held = 0;
        while (true)
        {
            ReadResult result = await ReadAsync();
            Assert.True(result.Buffer.Length > held || result.IsCompleted, "A read ends with something that was not examined.");
            int consumed = result.IsCompleted ? (int)result.Buffer.Length : random.Next((int)result.Buffer.Length + 1);
            received.AddRange(result.Buffer.Slice(0, consumed).ToArray());
            int examined = random.Next(consumed, (int)result.Buffer.Length + 1);
            held = examined - consumed;
            _reader.AdvanceTo(result.Buffer.GetPosition(consumed), result.Buffer.GetPosition(examined));
            if (result.IsCompleted)
            {
                break;
            }
        }

        await sending;
        Assert.True(sent.AsSpan().SequenceEqual([.. received]));
        await _ended.Task.WaitAsync(Limit, TimeProvider.System);
    }

    [Fact]
    public async Task What_was_not_examined_is_there_at_once_and_what_was_needs_more()
    {
        await _pair.Client.SendAsync("abcdef"u8.ToArray());
        ReadResult result = await ReadAsync();
        _reader.AdvanceTo(result.Buffer.GetPosition(2), result.Buffer.GetPosition(4));
        Assert.True(_reader.TryRead(out result));
        Assert.Equal("cdef"u8.ToArray(), result.Buffer.ToArray());
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Assert.False(_reader.TryRead(out _));
        Task<ReadResult> next = _reader.ReadAsync().AsTask();
        Assert.False(next.IsCompleted);
        await _pair.Client.SendAsync("g"u8.ToArray());
        Assert.Equal("cdefg"u8.ToArray(), (await next).Buffer.ToArray());
    }

    [Fact]
    public async Task The_end_comes_after_the_bytes_and_again()
    {
        await _pair.Client.SendAsync("ab"u8.ToArray());
        _pair.Client.Shutdown(SocketShutdown.Send);
        ReadResult result = await ReadAsync();
        Assert.Equal(2, result.Buffer.Length);
        _reader.AdvanceTo(result.Buffer.End);
        for (int i = 0; i < 2; i++)
        {
            result = await ReadAsync();
            Assert.True(result.IsCompleted);
            Assert.True(result.Buffer.IsEmpty);
            _reader.AdvanceTo(result.Buffer.End);
        }
    }

    [Fact]
    public async Task The_end_with_bytes_that_were_examined_is_told()
    {
        await _pair.Client.SendAsync("ab"u8.ToArray());
        ReadResult result = await ReadAsync();
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        _pair.Client.Shutdown(SocketShutdown.Send);
        result = await ReadAsync();
        Assert.True(result.IsCompleted);
        Assert.Equal("ab"u8.ToArray(), result.Buffer.ToArray());
    }

    [Fact]
    public async Task A_client_that_breaks_off_fails_the_read()
    {
        Task<ReadResult> read = _reader.ReadAsync().AsTask();
        _pair.Client.Close(0);
        await Assert.ThrowsAsync<ConnectionResetException>(() => read);
        await _ended.Task.WaitAsync(Limit, TimeProvider.System);
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await _reader.ReadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_is_told_to_who_waits_and_who_reads_next(bool isWaiting)
    {
        Task<ReadResult>? read = isWaiting ? _reader.ReadAsync().AsTask() : null;
        _reader.Fail(new ConnectionAbortedException("over"));
        _reader.Fail(new InvalidOperationException("later"));
        Assert.Equal("over", (await Assert.ThrowsAsync<ConnectionAbortedException>(() => read ?? _reader.ReadAsync().AsTask())).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_wait_is_told_once_and_loses_nothing(bool isWaiting)
    {
        Task<ReadResult>? read = isWaiting ? _reader.ReadAsync().AsTask() : null;
        _reader.CancelPendingRead();
        ReadResult result = await (read ?? _reader.ReadAsync().AsTask()).WaitAsync(Limit, TimeProvider.System);
        Assert.True(result.IsCanceled);
        _reader.AdvanceTo(result.Buffer.End);
        await _pair.Client.SendAsync("a"u8.ToArray());
        result = await ReadAsync();
        Assert.False(result.IsCanceled);
        Assert.Equal("a"u8.ToArray(), result.Buffer.ToArray());
    }

    [Fact]
    public async Task A_token_ends_the_wait_and_the_next_read_goes_on()
    {
        using CancellationTokenSource cancellation = new();
        Task<ReadResult> read = _reader.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Limit, TimeProvider.System));
        await _pair.Client.SendAsync("a"u8.ToArray());
        Assert.Equal("a"u8.ToArray(), (await ReadAsync()).Buffer.ToArray());
    }

    [Fact]
    public async Task Positions_of_something_else_are_refused()
    {
        await _pair.Client.SendAsync("abc"u8.ToArray());
        ReadResult result = await ReadAsync();
        Assert.Throws<InvalidOperationException>(() => _reader.AdvanceTo(new ReadOnlySequence<byte>(new byte[3]).End));
        SequencePosition two = result.Buffer.GetPosition(2);
        _reader.AdvanceTo(two);
        Assert.Throws<InvalidOperationException>(() => _reader.AdvanceTo(result.Buffer.Start));
    }

    [Fact]
    public void Completed_it_gives_nothing_more()
    {
        _reader.Complete();
        _reader.Complete();
        Assert.Throws<InvalidOperationException>(() => _reader.TryRead(out _));
    }

    /// <summary>Who has much at hand, requests that were sent at once or an upload as fast as memory, lets others have their turn now and then.</summary>
    [Fact]
    public async Task Who_has_much_at_hand_waits_for_a_turn_from_time_to_time()
    {
        const int Bytes = 10 * SocketPipeReader.TurnSteps;
        await _pair.Client.SendAsync(new byte[Bytes]);
        int waits = 0;
        for (int read = 0; read < Bytes; read++)
        {
            ValueTask<ReadResult> reading = _reader.ReadAsync();
            waits += reading.IsCompleted ? 0 : 1;
            ReadResult result = await reading.AsTask().WaitAsync(Limit, TimeProvider.System);
            _reader.AdvanceTo(result.Buffer.GetPosition(1));
        }

        Assert.InRange(waits, 9, 12);
    }

    /// <summary>What can be answered at once is answered before anybody hears that it was the last.</summary>
    [Fact]
    public async Task The_end_that_comes_with_bytes_is_told_after_who_reads_them_has_gone_on()
    {
        ConcurrentQueue<string> order = [];
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SocketPair pair = await SocketPair.ConnectAsync();
        SocketPipeReader reader = Open(pair, () =>
        {
            order.Enqueue("ended");
            ended.TrySetResult();
        });
        // It waits before anything is sent, and goes on where the bytes are heard: not where a test would.
        Task reading = await Task.Run(() => Task.FromResult(ReadOnceAsync()));
        Assert.False(reading.IsCompleted);

        // By one packet, so that they are heard of together.
        pair.Client.NoDelay = false;
        pair.Client.SetRawSocketOption(6, 3, [1, 0, 0, 0]);
        await pair.Client.SendAsync(new byte[10]);
        pair.Client.Shutdown(SocketShutdown.Send);
        await Task.WhenAll(reading, ended.Task).WaitAsync(Limit, TimeProvider.System);
        Assert.Equal(["read", "ended"], order);

        async Task ReadOnceAsync()
        {
            ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
            order.Enqueue("read");
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    private SocketPipeReader Open(SocketPair pair, Action ended)
    {
        SocketPipeReader reader = new(pair.Server.SafeHandle, _loop, isInline: true, ended);
        _loop.Watch(pair.Server.SafeHandle, new EventRecorder(events =>
        {
            const SocketEvents Over = SocketEvents.PeerEnded | SocketEvents.Failed | SocketEvents.Closed;
            if ((events & (SocketEvents.Readable | Over)) != 0)
            {
                reader.Tell((events & Over) != 0);
            }
        }));
        return reader;
    }

    private async Task<ReadResult> ReadAsync() => await _reader.ReadAsync().AsTask().WaitAsync(Limit, TimeProvider.System);
}
