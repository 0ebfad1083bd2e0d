namespace S3Proxy.Testing.Fleet;

/// <summary>What a <see cref="ReplicaFleet"/> is made of. Immutable.</summary>
public sealed record FleetOptions
{
    /// <summary>The program: S3Proxy.dll. Default: beside the test, where the build copies it.</summary>
    public string ProxyAssembly { get; init; } = Path.Combine(AppContext.BaseDirectory, "S3Proxy.dll");

    public int Replicas { get; init; } = 3;

    /// <summary>The origin's wait before the headers of every response.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>The origin's body bytes per second and connection; null is unlimited.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Memory of each replica, as configuration has it.</summary>
    public string Memory { get; init; } = "64MiB";

    /// <summary><c>cache.redis</c> as YAML; null for replicas that know nothing of each other.</summary>
    public string? Redis { get; init; }

    /// <summary>Whether replicas wake each other by push. Without Redis it is off whatever this says.</summary>
    public bool Waking { get; init; } = true;

    /// <summary>Whether lookups are batched. Without Redis they never are.</summary>
    public bool Batching { get; init; } = true;

    /// <summary>Freshness of <see cref="ReplicaFleet.Bucket"/>, as YAML.</summary>
    public string Rule { get; init; } = "{ mode: ttl, ttl: 10m }";

    /// <summary>Variables for the process of one replica, by its index.</summary>
    public Func<int, IReadOnlyDictionary<string, string>> EnvironmentOf { get; init; } = static _ => new Dictionary<string, string>();

    /// <summary>How many origin requests are recorded one by one.</summary>
    public int MaxRecordedOriginRequests { get; init; } = 100_000;
}
