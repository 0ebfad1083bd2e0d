using System.Globalization;
using S3Proxy.Testing.Fleet;

namespace S3Proxy.FleetTests;

/// <summary>First-byte times of many reads, for the reader of a test's output. Reported, never asserted: they are the machine's as much as the product's.</summary>
internal static class FirstBytes
{
    /// <summary>The nearest rank: the smallest value that at least this share of all does not exceed.</summary>
    public static TimeSpan Quantile(IEnumerable<TimeSpan> times, double share)
    {
        TimeSpan[] sorted = [.. times.Order()];
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    public static string Describe(IReadOnlyCollection<FleetRead> reads)
    {
        TimeSpan[] times = [.. reads.Select(read => read.FirstByte)];
        string outcomes = string.Join(' ', reads.CountBy(read => read.Cache).Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{reads.Count} reads: first byte p50 {Quantile(times, 0.5).TotalMilliseconds:f0} ms, p99 {Quantile(times, 0.99).TotalMilliseconds:f0} ms; {outcomes}");
    }
}
