using S3Proxy.Fleet.Leases;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Fleet.Leases;

/// <summary>A follower may hear of a lease before its holder does (requirement W1).</summary>
public sealed class EarlyDemandsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void What_was_demanded_of_a_run_is_taken_once_when_its_lease_comes()
    {
        EarlyDemands demands = new(_time);
        Assert.True(demands.TryKeep("run", "B", 3));
        Assert.True(demands.TryKeep("run", "C", 0));
        Assert.True(demands.TryKeep("run", "B", 1));
        Assert.True(demands.TryKeep("other", "B", 1));

        Assert.Equal([("B", 1), ("B", 3), ("C", 0)], demands.Take("run").Order());
        Assert.Empty(demands.Take("run"));
        Assert.Equal(1, demands.Count);
    }

    [Fact]
    public async Task A_lease_that_does_not_come_makes_the_demand_vain()
    {
        EarlyDemands demands = new(_time);
        demands.TryKeep("run", "B", 0);
        Task<bool> isInVain = demands.IsInVainAsync("run", "B", 0);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(isInVain.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(await isInVain);
        Assert.Equal(0, demands.Count);
    }

    [Fact]
    public async Task A_follower_that_has_left_is_neither_fed_nor_refused()
    {
        EarlyDemands demands = new(_time);
        demands.TryKeep("run", "B", 0);
        Task<bool> isInVain = demands.IsInVainAsync("run", "B", 0);

        demands.TryKeep("run", "B", 4);

        demands.Drop("run", "B");

        Assert.Empty(demands.Take("run"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await isInVain);
    }
}
