namespace S3Proxy.Testing.Redis;

/// <summary>How a Redis server of a test is set up. Immutable.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Password of the default user; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Whether it speaks TLS, with a certificate for <c>localhost</c> and 127.0.0.1 of an authority of its own, and nothing else.</summary>
    public bool Tls { get; init; }

    /// <summary>Whether it is a node of a Redis Cluster.</summary>
    public bool ClusterEnabled { get; init; }

    /// <summary>More lines of its configuration, such as <c>maxmemory 10mb</c>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
