namespace S3Proxy.Coalescing;

/// <summary>
/// Hears what happens to flights, for metrics and tests. Calls come from any thread, outside every lock of the coalescer, and must
/// neither block nor throw. The default does nothing.
/// </summary>
/// <typeparam name="TKey">Key of the coalescer.</typeparam>
public abstract class FlightObserver<TKey>
{
    /// <summary>A flight was made for <paramref name="key"/>; its leader is about to hear so.</summary>
    public virtual void OnCreated(TKey key)
    {
    }

    /// <summary>A follower joined the flight of <paramref name="key"/>, which now has <paramref name="participants"/>.</summary>
    public virtual void OnJoined(TKey key, int participants)
    {
    }

    /// <summary>The flight of <paramref name="key"/> ended in <paramref name="state"/>.</summary>
    public virtual void OnEnded(TKey key, FlightState state)
    {
    }
}
