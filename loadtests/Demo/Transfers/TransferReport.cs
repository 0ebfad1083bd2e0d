using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace S3Proxy.Demo.Transfers;

/// <summary>Comparisons as a document for people.</summary>
internal static class TransferReport
{
    public static string Write(IReadOnlyList<TransferComparison> comparisons, int rounds)
    {
        StringBuilder report = new();
        report.AppendLine("# Throughput through the proxy and past it").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, .NET {Environment.Version}; proxy, origin and clients on the same machine, so that every part takes its share of the same processors.");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"Medians of {rounds} rounds, direct and proxied in turns, after one to warm up. The origin is one that makes, compares and keeps nothing, the least work an origin can have: against a real one the proxy's share is smaller. Presigned URLs, plain bodies, `sigv4`, cache of 512 MiB, slices of 1 MiB; every byte compared where it arrives. \"Direct\" of cached downloads is the same origin without the proxy.");
        report.AppendLine().AppendLine("`dotnet run --project loadtests/Demo -c Release -- throughput`").AppendLine();
        report.AppendLine("| | direct, MiB/s | through the proxy, MiB/s | ratio | CPU of the proxy, s/GiB | failed or wrong |").AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (TransferComparison comparison in comparisons)
        {
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {comparison.Title} | {comparison.DirectRate:f0} | {comparison.ProxiedRate:f0} | {comparison.Ratio:f2} | {comparison.ProxySecondsPerGibibyte:f2} | {comparison.Failed} |");
        }

        return report.ToString();
    }
}
