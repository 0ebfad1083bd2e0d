using S3Proxy.Telemetry;

namespace S3Proxy.Limiting;

/// <summary>The places that one request takes of what its client may have. Used by one at a time.</summary>
internal struct RequestPlaces
{
    /// <summary>Place of the client's address; null for none.</summary>
    public LimitEntry? Address { get; set; }

    /// <summary>Place of the client's key; null for none.</summary>
    public LimitEntry? Key { get; set; }

    /// <summary>What refused the request; <see cref="RequestReason.None"/> when no limit did.</summary>
    public RequestReason Refusal { get; set; }

    /// <summary>Gives them back, at the end of the request.</summary>
    public readonly void Leave()
    {
        Address?.Leave();
        Key?.Leave();
    }
}
