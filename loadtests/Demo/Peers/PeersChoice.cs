using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Scenarios;
using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers;

/// <summary>What was asked for on the command line, as it stands there.</summary>
internal sealed record PeersChoice
{
    private const string Own = "s3proxy";
    private static readonly TimeSpan ShortDuration = TimeSpan.FromMilliseconds(200);

    public required int Rounds { get; init; }

    public required int Seconds { get; init; }

    /// <summary>Names of scenarios; empty: all.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>Names of servers; empty: all.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>NAME=PATH of other builds of this proxy.</summary>
    public required IReadOnlyList<string> Builds { get; init; }

    public required bool IsShort { get; init; }

    public PeersScale Scale => IsShort ? PeersScale.Short : PeersScale.Full;

    /// <summary>What is not known; null when all is.</summary>
    public string? FindUnknown()
    {
        string[] servers = [.. AllServers().Select(kind => kind.Name)];
        return Scenarios.Except(AllScenarios.Names).Select(name => $"There is no scenario '{name}': there are {string.Join(", ", AllScenarios.Names)}.")
            .Concat(Builds.Where(build => build.IndexOf('=', StringComparison.Ordinal) <= 0).Select(build => $"'{build}' is no build. Write NAME=PATH."))
            .Concat(Servers.Except(servers).Select(name => $"There is no server '{name}': there are {string.Join(", ", servers)}."))
            .FirstOrDefault();
    }

    /// <summary>Debian packages of what is wanted and missing.</summary>
    public IReadOnlyList<string> FindMissingPackages()
    {
        List<string> packages = [];
        foreach (IServerKind kind in WantedServers().Where(kind => kind.FindMissing() is not null))
        {
            packages.AddRange(kind switch
            {
                NginxKind => ["nginx-light"],
                VarnishKind => ["varnish"],
                _ => [],
            });
        }

        return [.. packages.Distinct(), .. Wrk.FindMissing() is null ? (string[])[] : ["wrk"], .. H2Load.FindMissing() is null ? (string[])[] : [H2Load.Package]];
    }

    public IReadOnlyList<IPeerScenario> CreateScenarios() =>
        [.. AllScenarios.Create(Scale).Where(scenario => Scenarios.Count == 0 || Scenarios.Contains(scenario.Name))];

    public PeersOptions CreateOptions()
    {
        IServerKind[] wanted = [.. WantedServers()];
        return new PeersOptions
        {
            Servers = [.. wanted.Where(kind => kind.FindMissing() is null)],
            Missing = [.. wanted.Where(kind => kind.FindMissing() is not null).Select(kind => $"{kind.Name}, as {kind.FindMissing()}")],
            Rounds = IsShort ? 1 : Rounds,
            Duration = IsShort ? ShortDuration : TimeSpan.FromSeconds(Seconds),
            Scale = Scale,
        };
    }

    private IEnumerable<IServerKind> WantedServers() => AllServers().Where(kind => Servers.Count == 0 || Servers.Contains(kind.Name));

    private IEnumerable<IServerKind> AllServers() =>
    [
        new S3ProxyKind(Own, Path.Combine(AppContext.BaseDirectory, "S3Proxy.dll")),
        .. Builds.Select(build => build.Split('=', 2)).Where(parts => parts.Length == 2).Select(parts => new S3ProxyKind(parts[0], Path.GetFullPath(parts[1]))),
        new NginxKind(hasSendfile: true),
        new NginxKind(hasSendfile: false),
        new VarnishKind(),
    ];
}
