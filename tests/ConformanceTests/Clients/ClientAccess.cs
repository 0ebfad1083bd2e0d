namespace S3Proxy.ConformanceTests.Clients;

/// <summary>Where a client is pointed, and as whom.</summary>
/// <param name="Endpoint">Scheme, address and port.</param>
/// <param name="Bucket">The bucket that it works in.</param>
/// <param name="AccessKey">Null for nobody: requests are not signed.</param>
/// <param name="SecretKey">Null for nobody.</param>
internal sealed record ClientAccess(Uri Endpoint, string Bucket, string? AccessKey, string? SecretKey)
{
    public const string Region = "us-east-1";

    public bool IsAnonymous => AccessKey is null;

    /// <summary>The endpoint as clients are configured with it, without a slash at its end.</summary>
    public string EndpointText => Endpoint.GetLeftPart(UriPartial.Authority);

    public ClientAccess AsNobody() => this with { AccessKey = null, SecretKey = null };
}
