namespace S3Proxy.Demo.Peers.Client;

/// <summary>What a load asks for, in order. Called by one thread.</summary>
internal interface IAskSource
{
    /// <summary>The next request; false when there is none any more.</summary>
    /// <param name="elapsed">Since the load began.</param>
    /// <param name="ask">The request.</param>
    /// <param name="due">When it is to be sent, since the load began; never before the one that came last. Its time is taken from then on, whenever it is sent.</param>
    bool TryNext(TimeSpan elapsed, out Ask ask, out TimeSpan due);
}
