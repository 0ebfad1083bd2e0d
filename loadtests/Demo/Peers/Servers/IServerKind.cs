using S3Proxy.Demo.Peers.Memory;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>A caching server that can be started beside others.</summary>
internal interface IServerKind
{
    /// <summary>What it is called in options and tables.</summary>
    string Name { get; }

    /// <summary>Name and version, for the report.</summary>
    string Version { get; }

    /// <summary>Whether it differs from another kind in how hits are sent and in nothing else, so that other scenarios leave it out.</summary>
    bool IsForHitsOnly => false;

    /// <summary>Whether its data port can speak TLS.</summary>
    bool SpeaksTls => false;

    /// <summary>The memory that it takes, about.</summary>
    MemoryCost Cost { get; }

    /// <summary>Why it cannot run on this machine, with what to install; null when it can.</summary>
    string? FindMissing();

    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="Processes.ProxyStartException">It did not listen in time, or ended.</exception>
    Task<PeerServer> StartAsync(ServerSetup setup, CancellationToken cancellationToken);
}
