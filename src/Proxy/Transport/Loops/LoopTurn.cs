using System.Runtime.CompilerServices;

namespace S3Proxy.Transport.Loops;

/// <summary>See <see cref="EventLoop.NextTurn"/>.</summary>
internal readonly struct LoopTurn(EventLoop loop) : ICriticalNotifyCompletion
{
    /// <summary>For <c>await</c>: it always lets others have their turn.</summary>
    public bool IsCompleted => false;

    /// <summary>For <c>await</c>.</summary>
    public LoopTurn GetAwaiter() => this;

    /// <summary>For <c>await</c>; there is no result.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => loop.Queue(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => loop.Queue(continuation);
}
