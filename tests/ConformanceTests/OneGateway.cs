namespace S3Proxy.ConformanceTests;

/// <summary>Tests that share one gateway; they run one after another, each with buckets of its own.</summary>
[CollectionDefinition(Name)]
public sealed class OneGateway : ICollectionFixture<GatewayFixture>
{
    public const string Name = "RADOS Gateway";
}
