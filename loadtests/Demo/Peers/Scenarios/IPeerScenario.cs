using S3Proxy.Demo.Peers.Results;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>One kind of load on all servers.</summary>
internal interface IPeerScenario
{
    /// <summary>For options and tables; a word.</summary>
    string Name { get; }

    /// <summary>What is done and what is to be seen, for the report.</summary>
    string Description { get; }

    /// <summary>What the ratios are made of.</summary>
    ComparedBy ComparedBy { get; }

    /// <summary>What is measured of it, each with a table of its own.</summary>
    IReadOnlyList<string> Cells { get; }

    /// <summary>Whether how hits are sent is what it is about, so that ways of sending are told apart.</summary>
    bool IsAboutHits => false;

    /// <summary>How many servers have a turn in each round.</summary>
    int CountServers(PeersOptions options) => options.ServersFor(IsAboutHits).Count;

    /// <summary>How many turns there will be, or about so many.</summary>
    /// <param name="options">What is compared.</param>
    /// <param name="rounds">With the one that warms up.</param>
    int CountTurns(PeersOptions options, int rounds) => Cells.Count * CountServers(options) * rounds;

    /// <summary>Why it is left out here; null when it is not.</summary>
    string? SkipReason { get; }

    /// <summary>Measures it.</summary>
    /// <exception cref="WrongPeerException">A server is not fit to be measured.</exception>
    Task RunAsync(Room room, CancellationToken cancellationToken);
}
