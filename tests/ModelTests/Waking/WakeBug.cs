using S3Proxy.Coalescing.Waking;

namespace S3Proxy.ModelTests.Waking;

/// <summary>A fault planted between those who wait and the hub. This one plants nothing.</summary>
internal class WakeBug
{
    /// <summary>The hub as it is.</summary>
    public static WakeBug None { get; } = new();

    public virtual ValueTask<WakeReason> WaitAsync(WakeToken<int> token, TimeSpan atMost, CancellationToken cancellationToken) => token.WaitAsync(atMost, cancellationToken);

    public virtual void Leave(WakeToken<int> token) => token.Dispose();

    /// <summary>What comes between registration and wait is lost, as with one who checks first and subscribes then.</summary>
    internal sealed class LateSubscription : WakeBug
    {
        public override async ValueTask<WakeReason> WaitAsync(WakeToken<int> token, TimeSpan atMost, CancellationToken cancellationToken)
        {
            await token.WaitAsync(TimeSpan.Zero, cancellationToken);
            return await token.WaitAsync(atMost, cancellationToken);
        }
    }

    /// <summary>An heir that cannot use its wake takes it along (duroxide-pg).</summary>
    internal sealed class StrandedHeirs : WakeBug
    {
        public override void Leave(WakeToken<int> token)
        {
            token.Accept();
            token.Dispose();
        }
    }

    /// <summary>Jitter is taken off due times as well.</summary>
    internal sealed class EarlyDue : WakeBug
    {
        public override ValueTask<WakeReason> WaitAsync(WakeToken<int> token, TimeSpan atMost, CancellationToken cancellationToken) =>
            token.WaitAsync(atMost > TimeSpan.FromMilliseconds(1) ? atMost - TimeSpan.FromMilliseconds(1) : atMost, cancellationToken);
    }
}
