using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Fleet;

/// <summary>Requirements C3, W1, F13: what one replica fetches, all have.</summary>
public sealed class FleetReadTests
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_cold_object_costs_the_fleet_one_get(bool push)
    {
        await using TestFleet fleet = await TestFleet.StartAsync(push: push);
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "cold", (8 * MiB) + 5, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });

        Task<string>[] reads = [.. Enumerable.Range(0, 60).Select(i => Reads.WholeAsync(fleet[i % 3], "cold", content))];
        await gate.ArrivedAsync(1, CancellationToken.None);
        gate.Release();

        string[] outcomes = await Task.WhenAll(reads);
        Assert.Equal(1, fleet.Origin.Traffic.GetCount);
        Assert.Equal(0, fleet.Origin.Traffic.HeadCount);
        Assert.Equal(content.Length, fleet.Origin.Traffic.BodyBytesSent);
        Assert.Equal(1, outcomes.Count(outcome => outcome == "MISS"));
    }

    [Fact]
    public async Task What_one_replica_has_fetched_is_a_hit_for_another()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 3 * MiB, 1);

        Assert.Equal("MISS", await Reads.WholeAsync(fleet[0], "file", content));
        Assert.Equal("HIT", await Reads.WholeAsync(fleet[1], "file", content));
        Assert.Equal("HIT", await Reads.RangeAsync(fleet[2], "file", content, MiB + 7, (2 * MiB) + 9));

        Assert.Equal(1, fleet.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task Another_replica_streams_what_is_still_coming()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 4 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, MiB + 5) });

        using HttpResponseMessage led = await Reads.OpenAsync(fleet[0], "file");
        await gate.ArrivedAsync(1);
        using HttpResponseMessage followed = await Reads.OpenAsync(fleet[1], "file");
        byte[] beginning = new byte[MiB];
        await using Stream body = await followed.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(beginning);
        gate.Release();

        byte[] rest = new byte[3 * MiB];
        await body.ReadExactlyAsync(rest);
        IntegrityStream sink = new(content, 0, content.Length);
        await sink.WriteAsync(beginning);
        await sink.WriteAsync(rest);
        Assert.True(sink.Result.IsExact, sink.Result.ToString());
        Assert.Equal("MISS", await Reads.RestAsync(led, content));
        Assert.Equal(1, fleet.Origin.Traffic.GetCount);
    }
}
