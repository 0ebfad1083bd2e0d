namespace S3Proxy.Telemetry;

/// <summary>What part a request had in the fetch that answered it.</summary>
internal enum FlightRole : byte
{
    /// <summary>There was none, or none that is shared.</summary>
    None,

    /// <summary>It led the fetch.</summary>
    Leader,

    /// <summary>It shared the fetch of another request.</summary>
    Follower,
}
