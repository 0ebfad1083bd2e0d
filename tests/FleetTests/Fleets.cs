namespace S3Proxy.FleetTests;

/// <summary>Tests that share fleets run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Fleets : ICollectionFixture<SharedFleets>
{
    public const string Name = "fleets";
}
