using S3Proxy.Demo.Peers.Memory;

namespace S3Proxy.PeersTests.Peers.Memory;

public sealed class FixedSetReplayTests
{
    private static readonly double[] Probabilities = [0.5, 0.3, 0.2];
    private static readonly long[] Sizes = [10, 5, 2];

    [Fact]
    public void What_is_worth_most_and_fits_is_there_and_stays()
    {
        FixedSetReplay popular = new(Sizes, index => Probabilities[index], capacityBytes: 15);
        Assert.Equal(0.75, popular.Play([0, 1, 2, 0]));
        Assert.Equal(0.5, popular.Play([2, 1]));
    }

    [Fact]
    public void Worth_may_count_bytes()
    {
        FixedSetReplay dense = new(Sizes, index => Probabilities[index] / Sizes[index], capacityBytes: 15);
        Assert.Equal(0.5, dense.Play([0, 1, 2, 0]));
    }
}
