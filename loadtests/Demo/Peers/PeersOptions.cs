using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers;

/// <summary>What is compared, and for how long. Immutable.</summary>
internal sealed record PeersOptions
{
    /// <summary>In the order of the tables; those that can run here.</summary>
    public required IReadOnlyList<IServerKind> Servers { get; init; }

    /// <summary>Servers that were wanted and cannot run here, with the reason.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Rounds that count; one more comes before them to warm up, but for the short form.</summary>
    public required int Rounds { get; init; }

    /// <summary>Length of one measurement where time bounds it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How much of everything there is.</summary>
    public required PeersScale Scale { get; init; }

    /// <summary>Those that a scenario measures.</summary>
    /// <param name="isAboutHits">Whether how hits are sent is what it is about.</param>
    public IReadOnlyList<IServerKind> ServersFor(bool isAboutHits) => [.. Servers.Where(kind => isAboutHits || !kind.IsForHitsOnly)];

    public bool IsShort => ReferenceEquals(Scale, PeersScale.Short);
}
