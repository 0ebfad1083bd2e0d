using System.IO.Pipelines;
using S3Proxy.Fetching;
using S3Proxy.ModelTests.Clients;

namespace S3Proxy.ModelTests.Bugs;

/// <summary>
/// A fault planted at a seam of the product, so that the checker sees what the product would show if it had it. This one plants nothing.
/// </summary>
internal class PlantedBug
{
    /// <summary>The product as it is.</summary>
    public static PlantedBug None { get; } = new();

    /// <summary>Stands between the product and its origin.</summary>
    public virtual IOriginReader Wrap(IOriginReader origin, ModelWorld world) => origin;

    /// <summary>Stands between the product and a client.</summary>
    public virtual PipeWriter Wrap(PipeWriter writer, ModelReader reader) => writer;

    /// <summary>A client has been made; it has not begun to read.</summary>
    public virtual void OnJoined(ModelReader reader, ModelWorld world)
    {
    }

    /// <summary>An object's flight has ended and left its table.</summary>
    public virtual void OnObjectFlightEnded(ObjectFlightKey key, ModelWorld world)
    {
    }
}
