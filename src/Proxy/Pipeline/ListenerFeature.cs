namespace S3Proxy.Pipeline;

/// <summary>What a connection is known by: the port it came to, and how many of its requests run. One a connection.</summary>
internal sealed class ListenerFeature(ListenerRole role)
{
    private int _running;

    /// <summary>Which port it came to.</summary>
    public ListenerRole Role => role;

    /// <summary>Requests of the connection that run; several with HTTP/2.</summary>
    public int RunningRequests => Volatile.Read(ref _running);

    /// <summary>A request begins.</summary>
    public void Enter() => Interlocked.Increment(ref _running);

    /// <summary>A request has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _running);
}
