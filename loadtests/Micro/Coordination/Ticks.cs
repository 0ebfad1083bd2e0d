namespace S3Proxy.Micro.Coordination;

/// <summary>Differences of timestamps at their full resolution, which a <see cref="TimeSpan"/> of 100 ns does not have.</summary>
internal static class Ticks
{
    public static double ToMicroseconds(TimeProvider time, long timestamps) => timestamps * 1e6 / time.TimestampFrequency;
}
