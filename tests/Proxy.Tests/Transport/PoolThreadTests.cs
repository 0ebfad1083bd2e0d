using S3Proxy.Transport;

namespace S3Proxy.Tests.Transport;

public sealed class PoolThreadTests
{
    [Fact]
    public async Task On_a_thread_of_the_pool_nothing_moves()
    {
        await Task.Run(static () => Assert.True(PoolThread.Switch().IsCompleted));
    }

    [Fact]
    public async Task From_any_other_thread_it_goes_on_in_the_pool()
    {
        TaskCompletionSource<bool> isPoolThread = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread other = new(() => _ = GoOnAsync(isPoolThread));
        other.Start();
        other.Join();
        Assert.True(await isPoolThread.Task);
    }

    private static async Task GoOnAsync(TaskCompletionSource<bool> isPoolThread)
    {
        Assert.False(Thread.CurrentThread.IsThreadPoolThread);
        await PoolThread.Switch();
        isPoolThread.SetResult(Thread.CurrentThread.IsThreadPoolThread);
    }
}
