namespace S3Proxy.Responding;

/// <summary>Where something a response needs came from; decides its <c>x-cache</c>.</summary>
internal enum SliceOrigin
{
    /// <summary>It was in a tier.</summary>
    Tier,

    /// <summary>This request led the flight that fetched it.</summary>
    Led,

    /// <summary>It came from a flight that another request led.</summary>
    Joined,
}
