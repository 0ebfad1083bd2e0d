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

    private static async Task<(int Id, bool IsPool)> ThreadAfterAsync(ValueTask wait)
    {
        await wait.ConfigureAwait(false);
        return (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread);
    }
}
