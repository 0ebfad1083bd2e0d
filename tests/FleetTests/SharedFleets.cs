using S3Proxy.Testing.Fleet;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>
/// The fleets that all tests in <see cref="Fleets"/> share, one a kind, started when first asked for. A test takes keys of its own, and leaves three live replicas behind.
/// </summary>
public sealed class SharedFleets : IAsyncLifetime
{
    /// <summary>What takes longer than the time-out is done without Redis, and hundreds of clients share this machine with it. As much as the usual lease allows.</summary>
    private const string PatientRedis = "timeout: 700ms";

    private readonly Dictionary<FleetKind, FleetBench> _benches = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (FleetBench bench in _benches.Values)
        {
            await bench.DisposeAsync();
        }
    }

    /// <summary>The fleet of a kind, its origin fast and its counters at zero; null, with the reason printed, where it cannot be had.</summary>
    internal async Task<FleetBench?> FindAsync(FleetKind kind, ITestOutputHelper output)
    {
        if (FleetBench.FindMissing(kind) is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return null;
        }

        if (!_benches.TryGetValue(kind, out FleetBench? bench))
        {
            _benches[kind] = bench = await FleetBench.StartAsync(kind, new FleetOptions(), redisSettings: PatientRedis);
        }

        await bench.PrepareAsync();
        return bench;
    }
}
