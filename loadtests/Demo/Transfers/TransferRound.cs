using S3Proxy.Demo.Measuring;

namespace S3Proxy.Demo.Transfers;

/// <summary>One round of transfers.</summary>
/// <param name="Bytes">Bytes of all bodies.</param>
/// <param name="Elapsed">From the first request to the last byte.</param>
/// <param name="ProxyTime">Processor time of the proxy; zero for a round past it.</param>
/// <param name="Failed">Transfers that failed or were wrong.</param>
internal sealed record TransferRound(long Bytes, TimeSpan Elapsed, TimeSpan ProxyTime, int Failed)
{
    public double MebibytesPerSecond => Bytes / (double)ByteSize.MiB / Elapsed.TotalSeconds;

    public double ProxySecondsPerGibibyte => ProxyTime.TotalSeconds / (Bytes / (double)ByteSize.GiB);
}
