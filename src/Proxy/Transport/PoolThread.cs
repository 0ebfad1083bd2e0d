using System.Runtime.CompilerServices;

namespace S3Proxy.Transport;

/// <summary>
/// Awaiting it goes on on a thread of the pool. With <c>listen.inlineScheduling</c> code runs, after it waited for a socket, on a thread that hears sockets; whatever takes
/// long or might block moves away from there first (docs/decisions/0022). Costs nothing on a thread of the pool.
/// </summary>
internal readonly struct PoolThread : ICriticalNotifyCompletion
{
    /// <summary>True when nothing needs to move.</summary>
    public bool IsCompleted => Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>To be awaited.</summary>
    public static PoolThread Switch() => default;

    /// <summary>For <c>await</c>.</summary>
    public PoolThread GetAwaiter() => this;

    /// <summary>For <c>await</c>; there is no result.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static next => next(), continuation, preferLocal: false);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
}
