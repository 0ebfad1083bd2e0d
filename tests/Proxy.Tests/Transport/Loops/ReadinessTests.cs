using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

public sealed class ReadinessTests
{
    [Fact]
    public void What_was_told_before_ends_one_wait()
    {
        Readiness readiness = new(isInline: true);
        readiness.Tell();
        readiness.Tell();
        Assert.True(readiness.WaitAsync().AsTask().IsCompletedSuccessfully);
        Assert.False(readiness.WaitAsync().AsTask().IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_goes_on_where_it_was_told_or_on_the_pool(bool isInline)
    {
        Readiness readiness = new(isInline);
        Task<(int Id, bool IsPool)> woken = ThreadAfterAsync(readiness.WaitAsync());
        Thread teller = new(readiness.Tell);
        teller.Start();
        (int thread, bool isPool) = await woken.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal(isInline, thread == teller.ManagedThreadId);
        Assert.Equal(!isInline, isPool);
        teller.Join();
    }

    [Fact]
    public async Task An_interruption_wakes_on_the_pool_now_or_later()
    {
        Readiness readiness = new(isInline: true);
        readiness.Interrupt();
        Assert.True(readiness.WaitAsync().AsTask().IsCompletedSuccessfully);

        Task<(int Id, bool IsPool)> woken = ThreadAfterAsync(readiness.WaitAsync());
        Thread other = new(readiness.Interrupt);
        other.Start();
        Assert.True((await woken.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System)).IsPool);
        other.Join();
    }

    [Fact]
    public async Task Two_cannot_wait()
    {
        Readiness readiness = new(isInline: true);
        Assert.False(readiness.WaitAsync().AsTask().IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await readiness.WaitAsync());
    }

    /// <summary>The waiter looks at a number before each wait, as it would at a socket. One lost wake-up, and it waits for ever.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_wake_up_is_lost_whoever_comes_first(bool isInline)
    {
        const int Changes = 100_000;
        Readiness readiness = new(isInline);
        int changes = 0;
        Task waiting = Task.Run(async () =>
        {
            while (Volatile.Read(ref changes) < 2 * Changes)
            {
                await readiness.WaitAsync();
            }
        });
        Task[] telling =
        [
            Task.Factory.StartNew(() => Change(readiness.Tell), TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(() => Change(readiness.Interrupt), TaskCreationOptions.LongRunning),
        ];
        await Task.WhenAll(telling);
        await waiting.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);

        void Change(Action tell)
        {
            for (int i = 0; i < Changes; i++)
            {
                Interlocked.Increment(ref changes);
                tell();
            }
        }
    }

    [Fact]
    public void A_wait_is_held_by_one_only_while_somebody_waits_who_goes_on_where_it_is_told()
    {
        Readiness readiness = new(isInline: true);
        Assert.False(readiness.TryHold());
        readiness.Tell();
        Assert.False(readiness.TryHold());
        Assert.True(readiness.WaitAsync().AsTask().IsCompletedSuccessfully);
        Task wait = readiness.WaitAsync().AsTask();
        Assert.True(readiness.TryHold());
        Assert.False(readiness.TryHold());
        Assert.False(wait.IsCompleted);

        Readiness other = new(isInline: false);
        Assert.False(other.WaitAsync().AsTask().IsCompleted);
        Assert.False(other.TryHold());
    }

    [Fact]
    public async Task Nobody_waits_beside_one_whose_wait_is_held()
    {
        Readiness readiness = new(isInline: true);
        Task wait = readiness.WaitAsync().AsTask();
        Assert.True(readiness.TryHold());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await readiness.WaitAsync());
        Assert.False(wait.IsCompleted);
    }

    [Fact]
    public void A_held_wait_goes_on_until_it_is_told_or_woken()
    {
        Readiness readiness = new(isInline: true);
        Task wait = readiness.WaitAsync().AsTask();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(readiness.TryHold());
            readiness.WaitOn();
            Assert.False(wait.IsCompleted);
        }

        readiness.Tell();
        Assert.True(wait.IsCompletedSuccessfully);

        wait = readiness.WaitAsync().AsTask();
        Assert.True(readiness.TryHold());
        readiness.Wake();
        Assert.True(wait.IsCompletedSuccessfully);
        Assert.False(readiness.WaitAsync().AsTask().IsCompleted);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void What_is_told_while_a_wait_is_held_ends_it_once(bool isInterruption, bool isWoken)
    {
        Readiness readiness = new(isInline: true);
        Task wait = readiness.WaitAsync().AsTask();
        Assert.True(readiness.TryHold());
        for (int i = 0; i < 2; i++)
        {
            if (isInterruption)
            {
                readiness.Interrupt();
            }
            else
            {
                readiness.Tell();
            }
        }

        Assert.False(wait.IsCompleted);
        if (isWoken)
        {
            readiness.Wake();
        }
        else
        {
            readiness.WaitOn();
        }

        Assert.True(wait.IsCompletedSuccessfully);
        Assert.False(readiness.WaitAsync().AsTask().IsCompleted);
    }

    /// <summary>One holds whenever it can, and another interrupts: each interruption must be seen before the next, also one that falls into a hold.</summary>
    [Fact]
    public async Task No_interruption_is_lost_in_a_hold()
    {
        const int Least = 5_000;
        Readiness readiness = new(isInline: true);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        int changes = 0;
        int seen = 0;
        int holds = 0;
        bool isOver = false;
        Task waiting = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                Volatile.Write(ref seen, Volatile.Read(ref changes));
                await readiness.WaitAsync().ConfigureAwait(false);
            }
        });
        Task holding = Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; !waiting.IsCompleted && !limit.IsCancellationRequested; i++)
                {
                    if (!readiness.TryHold())
                    {
                        // On one processor nobody else would come to it.
                        Thread.Yield();
                        continue;
                    }

                    Volatile.Write(ref holds, holds + 1);
                    if (i % 8 == 0)
                    {
                        readiness.Wake();
                    }
                    else
                    {
                        readiness.WaitOn();
                    }
                }
            },
            TaskCreationOptions.LongRunning);
        await Task.Factory.StartNew(
            () =>
            {
                for (int i = 1; i <= Least || Volatile.Read(ref holds) < Least; i++)
                {
                    Volatile.Write(ref changes, i);
                    readiness.Interrupt();
                    while (Volatile.Read(ref seen) < i)
                    {
                        limit.Token.ThrowIfCancellationRequested();
                        Thread.Yield();
                    }
                }
            },
            TaskCreationOptions.LongRunning);
        Volatile.Write(ref isOver, true);
        readiness.Interrupt();
        await waiting.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        await holding;
    }

    private static async Task<(int Id, bool IsPool)> ThreadAfterAsync(ValueTask wait)
    {
        await wait.ConfigureAwait(false);
        return (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread);
    }
}
