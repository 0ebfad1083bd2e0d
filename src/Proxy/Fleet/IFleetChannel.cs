namespace S3Proxy.Fleet;

/// <summary>What this replica hears and says. Thread-safe. Messages may be lost; whoever sends one has a way that does without.</summary>
internal interface IFleetChannel
{
    /// <summary>Name of this replica, new with every start.</summary>
    string Replica { get; }

    /// <summary>Has <paramref name="handler"/> called with every message of a kind, one at a time. It must not block. To be called before the replica joins.</summary>
    void On(FleetMessageKind kind, Action<FleetMessage> handler);

    /// <summary>Tells all replicas, this one too.</summary>
    /// <exception cref="Caching.Redis.RedisUnavailableException">It may not have been sent.</exception>
    ValueTask SendToAllAsync(FleetMessageKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Tells one replica.</summary>
    /// <exception cref="Caching.Redis.RedisUnavailableException">It may not have been sent.</exception>
    ValueTask SendAsync(string replica, FleetMessageKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);
}
