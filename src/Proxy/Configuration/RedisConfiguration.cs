namespace S3Proxy.Configuration;

/// <summary>The Redis that replicas share.</summary>
internal sealed record RedisConfiguration
{
    /// <summary>Where servers listen: the one, or some nodes of a Redis Cluster.</summary>
    public required IReadOnlyList<RedisEndpoint> Endpoints { get; init; }

    /// <summary>First part of every key and channel. Default <c>s3proxy</c>.</summary>
    public string Namespace { get; init; } = "s3proxy";

    /// <summary>Second part of every key and channel: replicas with the same name act as one. Default <c>main</c>.</summary>
    public string Cluster { get; init; } = "main";

    /// <summary>Largest slice body in bytes that is kept; a larger one is not. Default 1 MiB.</summary>
    public long MaxItemBytes { get; init; } = 1 << 20;

    /// <summary>How long what is kept lives after it was written. Default 1 h.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>ACL user; null for the default user.</summary>
    public string? User { get; init; }

    /// <summary>Password; null for none. Never in a message.</summary>
    public string? Password { get; init; }

    public bool Tls { get; init; }

    /// <summary>PEM file of the authorities that are trusted, instead of the system's; null for those.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>Bound on every command. Default 250 ms.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Bound on connecting, TLS and authentication included. Default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections for bodies, to each server. Default 2.</summary>
    public int BulkConnections { get; init; } = 2;

    /// <summary>Bytes of memory that may wait to be written. Default 32 MiB.</summary>
    public long WriteBehindBytes { get; init; } = 32 << 20;

    /// <summary>How long a replica counts as a member without renewing. Default 3 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether a replica that cannot hear goes on answering from its memory, and gives up reading one's own writes. Default false.</summary>
    public bool FailOpen { get; init; }

    /// <summary>For people and logs: the compiler's own text would hold the password.</summary>
    public override string ToString() => $"Redis at {string.Join(',', Endpoints)}, {Namespace}:{Cluster}";
}
