namespace S3Proxy.Origin.Slots;

/// <summary>What an origin's reaction to a request says about its load.</summary>
internal enum OriginSignal
{
    /// <summary>It answered; the time to its headers counts.</summary>
    Answered,

    /// <summary>It asked for fewer requests (503 SlowDown, 429), or did not answer in time.</summary>
    Overloaded,
}
