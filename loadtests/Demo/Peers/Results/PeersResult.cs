using S3Proxy.Demo.Peers.Scenarios;
using S3Proxy.Reporting;

namespace S3Proxy.Demo.Peers.Results;

/// <summary>All samples of a run, and medians over its rounds. Immutable.</summary>
/// <param name="Options">What was compared.</param>
/// <param name="Scenarios">All that were asked for, with those that were skipped.</param>
/// <param name="Samples">Every measurement.</param>
/// <param name="Broken">Scenarios that were given up, by name, with the reason.</param>
/// <param name="LoadAtStart">Load average of the machine before anything was measured.</param>
internal sealed record PeersResult(
    PeersOptions Options, IReadOnlyList<IPeerScenario> Scenarios, IReadOnlyList<PeerSample> Samples, IReadOnlyDictionary<string, string> Broken, string LoadAtStart)
{
    /// <summary>What makes the run a failed one: a scenario that was given up, any answer with wrong bytes, and any error of this proxy. Peers may fail; that is told in the tables.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            HashSet<string> peers = [.. Options.Servers.Where(kind => kind is not Servers.S3ProxyKind).Select(kind => kind.Name)];
            return
            [
                .. Broken.Select(broken => $"{broken.Key}: {broken.Value}"),
                .. Samples.Where(sample => sample.Wrong > 0 || (sample.Errors > 0 && !peers.Contains(sample.Server)))
                    .Select(sample => $"{sample.Scenario}, {sample.Cell}, {sample.Server}, round {sample.Round}: {sample.Errors} errors, {sample.Wrong} of them wrong bytes; the first: {sample.FirstError}"),
            ];
        }
    }

    /// <summary>Samples of one cell, by round.</summary>
    public IReadOnlyList<PeerSample> Of(string scenario, string cell, string server) =>
        [.. Samples.Where(sample => sample.Scenario == scenario && sample.Cell == cell && sample.Server == server).OrderBy(sample => sample.Round)];

    /// <summary>Servers of a cell, in the order of the tables.</summary>
    public IReadOnlyList<string> ServersOf(string scenario, string cell)
    {
        // Rounds begin with another server each; the order they were started in is that of the options, or of a scenario's own.
        string[] known = [.. Options.Servers.Select(kind => kind.Name)];
        return
        [
            .. Samples.Where(sample => sample.Scenario == scenario && sample.Cell == cell).Select(sample => sample.Server).Distinct()
                .OrderBy(server => Array.IndexOf(known, server)),
        ];
    }

    /// <summary>Median over the rounds; null where no round told it.</summary>
    public double? Median(string scenario, string cell, string server, Func<PeerSample, double?> value)
    {
        double[] values = [.. Of(scenario, cell, server).Select(value).OfType<double>()];
        return values.Length == 0 ? null : Quantiles.Of(values, 0.5);
    }

    /// <summary>
    /// One server's figure over another's, round by round: median, least and greatest. Rounds in which either had an error do not count; null when no round does.
    /// </summary>
    public (double Median, double Least, double Most)? Ratio(IPeerScenario scenario, string cell, string server, string over)
    {
        double[] ratios =
        [
            .. Of(scenario.Name, cell, server).Join(Of(scenario.Name, cell, over), one => one.Round, other => other.Round, (one, other) => (One: one, Other: other))
                .Where(pair => pair.One.Errors == 0 && pair.Other.Errors == 0)
                .Select(pair => Compared(scenario.ComparedBy, pair.One) / Compared(scenario.ComparedBy, pair.Other))
                .Where(double.IsFinite)
                .Order(),
        ];
        return ratios.Length == 0 ? null : (Quantiles.Of(ratios, 0.5), ratios[0], ratios[^1]);
    }

    private static double Compared(ComparedBy by, PeerSample sample) => by switch
    {
        ComparedBy.P99 => sample.P99Milliseconds,
        ComparedBy.FirstByteP99 => sample.FirstByteP99Milliseconds ?? double.NaN,
        ComparedBy.HitRatio => sample.HitRatio ?? double.NaN,
        _ => sample.RequestsPerSecond,
    };
}
