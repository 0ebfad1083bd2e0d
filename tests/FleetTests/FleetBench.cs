using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Programs;

namespace S3Proxy.FleetTests;

/// <summary>A fleet and what it stands on.</summary>
internal sealed class FleetBench : IAsyncDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    private FleetBench(FleetKind kind, ReplicaFleet fleet)
    {
        Kind = kind;
        Fleet = fleet;
    }

    public FleetKind Kind { get; }

    public ReplicaFleet Fleet { get; }

    public EmbeddedOrigin Origin => Fleet.Origin;

    public FleetClient Client => Fleet.Client;

    /// <summary>How many fetch what all want: one for the fleet, or one a replica where they know nothing of each other.</summary>
    public int Fetchers => Kind == FleetKind.Alone ? Fleet.Replicas.Count : 1;

    /// <summary>Why a fleet of this kind cannot be had on this machine; null when it can.</summary>
    public static string? FindMissing(FleetKind kind) => SupervisedProcess.FindMissing() ?? (kind == FleetKind.Alone ? null : "no Redis yet");

    public static async Task<FleetBench> StartAsync(FleetKind kind, FleetOptions options) => new(kind, await ReplicaFleet.StartAsync(options));

    /// <summary>Makes the origin fast and right, lets what is under way end, and counts from zero.</summary>
    public async Task PrepareAsync()
    {
        Origin.Faults.Clear();
        Origin.FirstByteDelay = TimeSpan.Zero;
        Origin.BytesPerSecond = null;
        using CancellationTokenSource limit = new(IdleLimit);
        await Origin.Traffic.WaitForIdleAsync(limit.Token);
        Origin.Traffic.Reset();
    }

    /// <summary>Waits until the origin has nothing to do any more, so that its counters are final.</summary>
    public async Task<OriginTraffic> SettledTrafficAsync()
    {
        using CancellationTokenSource limit = new(IdleLimit);
        await Origin.Traffic.WaitForIdleAsync(limit.Token);
        return Origin.Traffic;
    }

    /// <summary>Fails, with what the replicas logged, when a read was not whole and right.</summary>
    public void AssertAllRight(IReadOnlyCollection<FleetRead> reads)
    {
        FleetRead[] failed = [.. reads.Where(read => read.Failure is not null)];
        Assert.True(failed.Length == 0, failed.Length == 0 ? "" : $"{failed.Length} of {reads.Count} reads failed, {failed.Count(read => read.IsWrong)} with wrong bytes: {failed[0]}\n{Fleet.DescribeLogs()}");
    }

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();
}
