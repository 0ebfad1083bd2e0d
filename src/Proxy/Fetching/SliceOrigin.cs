namespace S3Proxy.Fetching;

/// <summary>Where something a response needs came from; decides its <c>x-cache</c>.</summary>
internal enum SliceOrigin
{
    /// <summary>It was in memory.</summary>
    Tier,

    /// <summary>It was in Redis.</summary>
    Kept,

    /// <summary>This request led the flight that fetched it.</summary>
    Led,

    /// <summary>It came from a flight that another request led, in this replica or in another.</summary>
    Joined,
}
