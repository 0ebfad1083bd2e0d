namespace S3Proxy.Fetching;

/// <summary>One response of a client that may be reading in order. Disposed of once, when the response has ended.</summary>
internal readonly struct SequentialRead(SequentialReads.Place? place, int hash, int aheadFrom, int aheadLast) : IDisposable
{
    /// <summary>First slice to read ahead.</summary>
    public int AheadFrom { get; } = aheadFrom;

    /// <summary>Last slice to read ahead.</summary>
    public int AheadLast { get; } = aheadLast;

    /// <summary>True when there is anything to read ahead.</summary>
    public bool HasAhead => place is not null && AheadLast >= AheadFrom;

    public void Dispose()
    {
        if (place is null)
        {
            return;
        }

        lock (place.Lock)
        {
            // Another reader may have the place by now.
            if (place.Hash == hash && place.Active > 0)
            {
                place.Active--;
            }
        }
    }
}
