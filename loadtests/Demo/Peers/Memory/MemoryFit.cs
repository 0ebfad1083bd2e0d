using System.Globalization;

namespace S3Proxy.Demo.Peers.Memory;

/// <summary>What a server took of the memory that it was to take. Immutable.</summary>
/// <param name="TargetBytes">What its peak was to be.</param>
/// <param name="BudgetBytes">What it was told to use for cached objects.</param>
/// <param name="PeakBytes">The most that its processes and the files of its cache took while it was measured.</param>
internal sealed record MemoryFit(long TargetBytes, long BudgetBytes, long PeakBytes)
{
    /// <summary>How far from the target a peak may be, as a share of it, and still be the same memory.</summary>
    public const double Tolerance = 0.03;

    private const double MebibyteBytes = 1048576;

    /// <summary>Peak beyond the target, as a share of it; negative below it.</summary>
    public double Surplus => (double)(PeakBytes - TargetBytes) / TargetBytes;

    public bool IsMet => Math.Abs(Surplus) <= Tolerance;

    /// <summary>The peak in MiB, and what it was to be where it is not that.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{PeakBytes / MebibyteBytes:0}{(IsMet ? "" : $", not the {TargetBytes / MebibyteBytes:0} it was to be")}");
}
