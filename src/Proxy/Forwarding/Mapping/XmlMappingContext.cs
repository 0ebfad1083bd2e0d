using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>What a response document is mapped with.</summary>
internal sealed record XmlMappingContext
{
    public required S3Request Request { get; init; }

    public required BucketRoute Route { get; init; }

    /// <summary>Scheme and authority as the client addressed us (<c>http://host:port</c>), for <c>Location</c>; null leaves only the path.</summary>
    public string? ClientEndpoint { get; init; }

    /// <summary>Set for copies: an error may name the source.</summary>
    public CopySourceMapping? CopySource { get; init; }
}
