namespace S3Proxy.Pipeline;

/// <summary>What a connection is known by: the port it came to, and how many requests it has sent. One a connection.</summary>
internal sealed class ListenerFeature(ListenerRole role)
{
    /// <summary>Requests of a connection that may follow one another on a thread before others have their turn.</summary>
    public const int TurnRequests = 64;

    private int _requests;

    /// <summary>Which port it came to.</summary>
    public ListenerRole Role => role;

    /// <summary>
    /// Counts a request. True when it should move to the pool: requests sent without waiting for answers follow one another on the thread that received them, and would keep all other
    /// connections of that thread waiting for ever. Streams of HTTP/2 may call it at once; a lost count does no harm.
    /// </summary>
    public bool IsTurnOver() => ++_requests % TurnRequests == 0;
}
