using S3Proxy.Caching;

namespace S3Proxy.Fleet;

/// <summary>A write of objects that the fleet knows of. Its fields belong to <see cref="FleetInvalidation"/>.</summary>
/// <param name="objects">What it changes.</param>
internal sealed class FleetWrite(IReadOnlyList<ObjectId> objects)
{
    private volatile bool _wasForgotten;

    /// <summary>Its name in Redis and in messages.</summary>
    public string Id { get; } = FleetTokens.New();

    public IReadOnlyList<ObjectId> Objects { get; } = objects;

    /// <summary>How often replicas had joined when it was told to all.</summary>
    public long Joins { get; set; } = -1;

    /// <summary>True once an intent was found to be gone: others may have been given what is old.</summary>
    public bool WasForgotten
    {
        get => _wasForgotten;
        set => _wasForgotten = value;
    }
}
