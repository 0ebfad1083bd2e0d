using System.Globalization;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>The clocks of replicas do not matter: requirements W1, I1 (decision 0015: times are those of Redis).</summary>
[Collection(Fleets.Name)]
public sealed class ClockSkewTests(ITestOutputHelper output)
{
    private const int ObjectBytes = 2 << 20;
    private readonly FleetSettings _settings = FleetSettings.FromEnvironment();

    [Fact]
    public async Task Replicas_minutes_apart_fetch_once_and_see_every_write()
    {
        string? library = FindLibrary();
        if ((library is null ? "libfaketime is not installed (Debian: libfaketime)" : FleetBench.FindMissing(FleetKind.Push)) is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }

        string[] skews = ["+0", "+300", "-300"];
        FleetOptions options = new()
        {
            EnvironmentOf = index => new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = library!,
                ["FAKETIME"] = skews[index],
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                // Its mending of monotonic waits has them return at once, again and again, on this C library.
                ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
            },
        };
        await using FleetBench bench = await FleetBench.StartAsync(FleetKind.Push, options);
        bench.Origin.FirstByteDelay = TimeSpan.FromMilliseconds(100);
        SyntheticContent content = bench.Origin.PutSynthetic(ReplicaFleet.Bucket, "skewed", ObjectBytes, 1);
        FleetRead[] reads = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(number => bench.Client.ReadAsync(bench.Fleet.EndpointFor(number), ReplicaFleet.Bucket, "skewed", content)));
        bench.AssertAllRight(reads);
        OriginTraffic traffic = await bench.SettledTrafficAsync();
        Assert.True(traffic.GetCount == 1, traffic.GetCount == 1 ? "" : $"{string.Join('\n', traffic.Requests)}\n{FirstBytes.Describe(reads)}\n{await bench.DescribeAsync()}");
        bench.Origin.FirstByteDelay = TimeSpan.Zero;
        WriteLoad load = new(bench, "skewed", objects: 4, writesPerObject: 25, readers: 4, _settings.Seed);

        await load.RunAsync();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_settings}: clocks at {string.Join(' ', skews)} s; {load.History.Writes} writes, {load.History.Reads} reads"));
        IReadOnlyList<string> violations = load.History.FindViolations();
        Assert.True(violations.Count == 0, $"{_settings}: {violations.Count} violations:\n{string.Join('\n', violations.Take(10))}\n{await bench.DescribeAsync()}");
        bench.AssertAllRight(load.Failed);
        Assert.Empty(load.FailedWrites);
    }

    private static string? FindLibrary()
    {
        string[] places = ["/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"];
        return places.FirstOrDefault(File.Exists);
    }
}
