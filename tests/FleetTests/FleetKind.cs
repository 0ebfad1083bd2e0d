namespace S3Proxy.FleetTests;

/// <summary>What three replicas have in common.</summary>
public enum FleetKind
{
    /// <summary>Nothing: no Redis.</summary>
    Alone,

    /// <summary>One Redis; replicas wake each other.</summary>
    Push,

    /// <summary>One Redis; <c>waking: { enabled: false }</c>.</summary>
    Poll,

    /// <summary>A Redis Cluster of three nodes; replicas wake each other.</summary>
    Cluster,
}
