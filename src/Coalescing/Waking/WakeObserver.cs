namespace S3Proxy.Coalescing.Waking;

/// <summary>
/// Hears what a hub does, for metrics and tests. Calls come from any thread, outside the hub's lock, and must neither block nor throw. The default does nothing.
/// </summary>
public abstract class WakeObserver
{
    /// <summary>A wait ended for <paramref name="reason"/>. Waits that are cancelled, and tokens disposed of, do not show here.</summary>
    public virtual void OnWoken(WakeReason reason)
    {
    }

    /// <summary>Something had happened without a wake, and was found when a wait's time was over.</summary>
    public virtual void OnMissed()
    {
    }

    /// <summary>Degraded mode began.</summary>
    public virtual void OnDegraded()
    {
    }
}
