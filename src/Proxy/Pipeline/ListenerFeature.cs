namespace S3Proxy.Pipeline;

/// <summary>What a connection is known by: the port it came to, how many requests it has sent, and how many of them run. One a connection.</summary>
internal sealed class ListenerFeature(ListenerRole role)
{
    /// <summary>Requests of a connection that may follow one another on a thread before others have their turn.</summary>
    public const int TurnRequests = 64;

    private int _requests;
    private int _running;

    /// <summary>Which port it came to.</summary>
    public ListenerRole Role => role;

    /// <summary>Requests of the connection that run; several with HTTP/2.</summary>
    public int RunningRequests => Volatile.Read(ref _running);

    /// <summary>A request begins.</summary>
    public void Enter() => Interlocked.Increment(ref _running);

    /// <summary>A request has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>
    /// Counts a request. True when it should move to the pool: requests sent without waiting for answers follow one another on the thread that received them, and would keep all other
    /// connections of that thread waiting for ever. Streams of HTTP/2 may call it at once; a lost count does no harm.
    /// </summary>
    public bool IsTurnOver() => ++_requests % TurnRequests == 0;
}
