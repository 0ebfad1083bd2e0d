using S3Proxy.Coalescing.Batching;

namespace S3Proxy.ModelTests.Batching;

/// <summary>A fault planted between the callers and the batcher. This one plants nothing.</summary>
internal class BatchBug
{
    /// <summary>The batcher as it is.</summary>
    public static BatchBug None { get; } = new();

    public virtual bool TryAsk(Batcher<int, int> batcher, int request, TimeProvider time, CancellationToken cancellationToken, out ValueTask<int> answer) =>
        batcher.TryAsk(request, cancellationToken, out answer);

    /// <summary>A caller that leaves is kept until its batch is back (queueber).</summary>
    internal sealed class StrandedCaller : BatchBug
    {
        public override bool TryAsk(Batcher<int, int> batcher, int request, TimeProvider time, CancellationToken cancellationToken, out ValueTask<int> answer)
        {
            bool isTaken = batcher.TryAsk(request, CancellationToken.None, out ValueTask<int> kept);
            answer = KeepAsync(kept, cancellationToken);
            return isTaken;
        }

        private static async ValueTask<int> KeepAsync(ValueTask<int> kept, CancellationToken cancellationToken)
        {
            int result = await kept;
            cancellationToken.ThrowIfCancellationRequested();
            return result;
        }
    }

    /// <summary>Every request sleeps for the window first, whether its lane is idle or not (queueber).</summary>
    internal sealed class SleptWindow : BatchBug
    {
        public override bool TryAsk(Batcher<int, int> batcher, int request, TimeProvider time, CancellationToken cancellationToken, out ValueTask<int> answer)
        {
            answer = SleepAsync(batcher, request, time, cancellationToken);
            return true;
        }

        private static async ValueTask<int> SleepAsync(Batcher<int, int> batcher, int request, TimeProvider time, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
            return await batcher.AskAsync(request, cancellationToken);
        }
    }
}
