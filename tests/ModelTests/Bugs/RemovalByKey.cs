using S3Proxy.Fetching;

namespace S3Proxy.ModelTests.Bugs;

/// <summary>A flight that ends takes whatever stands under its key out of the table, its successor too (golang/go #33519).</summary>
internal sealed class RemovalByKey : PlantedBug
{
    public override void OnObjectFlightEnded(ObjectFlightKey key, ModelWorld world) => world.Tables.Objects.Detach(key);
}
