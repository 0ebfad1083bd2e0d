using S3Proxy.Native;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

public sealed class EventLoopTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly EventLoop _loop = new("test");

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task Bytes_room_and_the_end_are_told_and_nothing_after_it_was_asked_to_forget()
    {
        using SocketPair pair = await SocketPair.ConnectAsync();
        TaskCompletionSource readable = New();
        TaskCompletionSource writable = New();
        TaskCompletionSource ended = New();
        int told = 0;
        ulong token = _loop.Watch(pair.Server.SafeHandle, new EventRecorder(events =>
        {
            Interlocked.Increment(ref told);
            Complete(events, SocketEvents.Writable, writable);
            Complete(events, SocketEvents.Readable, readable);
            Complete(events, SocketEvents.PeerEnded, ended);
        }));
        await writable.Task.WaitAsync(Limit, TimeProvider.System);
        await pair.Client.SendAsync(new byte[1]);
        await readable.Task.WaitAsync(Limit, TimeProvider.System);
        Assert.False(ended.Task.IsCompleted);
        pair.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await ended.Task.WaitAsync(Limit, TimeProvider.System);

        _loop.Forget(pair.Server.SafeHandle, token);
        await PassAsync();
        int before = Volatile.Read(ref told);
        pair.Client.Close(0);
        await PassAsync();
        Assert.Equal(before, Volatile.Read(ref told));
    }

    [Fact]
    public async Task A_turn_stays_on_the_loop_for_who_is_there_and_comes_after_what_others_have()
    {
        using SocketPair first = await SocketPair.ConnectAsync();
        using SocketPair second = await SocketPair.ConnectAsync();
        using ManualResetEventSlim bothSent = new();
        TaskCompletionSource begun = New();
        TaskCompletionSource<string[]> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> order = [];
        _loop.Watch(first.Server.SafeHandle, new EventRecorder(events => _ = RunAsync(events)));
        _loop.Watch(second.Server.SafeHandle, new EventRecorder(events =>
        {
            if (events.HasFlag(SocketEvents.Readable))
            {
                order.Add("second");
            }
        }));
        await first.Client.SendAsync(new byte[1]);

        async Task RunAsync(SocketEvents events)
        {
            if (!events.HasFlag(SocketEvents.Readable) || order.Count > 0)
            {
                return;
            }

            Thread loop = Thread.CurrentThread;
            begun.TrySetResult();
            bothSent.Wait(Limit);
            order.Add("first");
            await _loop.NextTurn();
            order.Add(Thread.CurrentThread == loop ? "first again" : "first elsewhere");
            done.TrySetResult([.. order]);
        }

        await begun.Task.WaitAsync(Limit, TimeProvider.System);
        await second.Client.SendAsync(new byte[1]);
        bothSent.Set();
        Assert.Equal(["first", "second", "first again"], await done.Task.WaitAsync(Limit, TimeProvider.System));
    }

    [Fact]
    public async Task A_turn_asked_for_elsewhere_is_taken_on_the_pool()
    {
        TaskCompletionSource<bool> isPool = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread other = new(() => _ = TurnAsync());
        other.Start();
        Assert.True(await isPool.Task.WaitAsync(Limit, TimeProvider.System));
        other.Join();

        async Task TurnAsync()
        {
            await _loop.NextTurn();
            isPool.SetResult(Thread.CurrentThread.IsThreadPoolThread);
        }
    }

    [Fact]
    public void It_ends_when_asked_more_than_once()
    {
        _loop.Dispose();
        _loop.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Complete(SocketEvents events, SocketEvents what, TaskCompletionSource told)
    {
        if ((events & what) != 0)
        {
            told.TrySetResult();
        }
    }

    /// <summary>Ends when the loop has told everything that happened before: a socket of its own is told after.</summary>
    private async Task PassAsync()
    {
        using SocketPair pair = await SocketPair.ConnectAsync();
        TaskCompletionSource readable = New();
        ulong token = _loop.Watch(pair.Server.SafeHandle, new EventRecorder(events => Complete(events, SocketEvents.Readable, readable)));
        await pair.Client.SendAsync(new byte[1]);
        await readable.Task.WaitAsync(Limit, TimeProvider.System);
        _loop.Forget(pair.Server.SafeHandle, token);
    }
}
