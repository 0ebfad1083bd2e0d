using S3Proxy.Demo.Measuring;

namespace S3Proxy.Demo.Transfers;

/// <summary>The same transfers through the proxy and straight to the origin, in turns.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="ObjectBytes">Size of every object.</param>
/// <param name="Clients">Clients at once.</param>
/// <param name="Direct">Rounds straight to the origin.</param>
/// <param name="Proxied">Rounds through the proxy, each beside the direct one of the same index.</param>
internal sealed record TransferComparison(TransferKind Kind, long ObjectBytes, int Clients, IReadOnlyList<TransferRound> Direct, IReadOnlyList<TransferRound> Proxied)
{
    public double DirectRate => Median(Direct.Select(round => round.MebibytesPerSecond));

    public double ProxiedRate => Median(Proxied.Select(round => round.MebibytesPerSecond));

    /// <summary>Median of the rounds' ratios: what slows a round slows both of its sides.</summary>
    public double Ratio => Median(Proxied.Zip(Direct, (proxied, direct) => proxied.MebibytesPerSecond / direct.MebibytesPerSecond));

    public double ProxySecondsPerGibibyte => Median(Proxied.Select(round => round.ProxySecondsPerGibibyte));

    public int Failed => Direct.Concat(Proxied).Sum(round => round.Failed);

    public string Title => $"{Words}, {ByteSize.Format(ObjectBytes)}, {Clients} {(Clients == 1 ? "client" : "clients")}";

    private string Words => Kind switch
    {
        TransferKind.Upload => "upload",
        TransferKind.ColdDownload => "download, not cached",
        _ => "download, cached",
    };

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
