using S3Proxy.Demo.Peers.Memory;

namespace S3Proxy.PeersTests.Peers.Memory;

public sealed class MemoryFitTests
{
    [Theory]
    [InlineData(970, true)]
    [InlineData(1030, true)]
    [InlineData(969, false)]
    [InlineData(1031, false)]
    public void A_peak_within_the_tolerance_is_the_same_memory(long peakBytes, bool isMet) => Assert.Equal(isMet, new MemoryFit(1000, 1, peakBytes).IsMet);

    [Fact]
    public void It_says_when_the_target_was_not_met()
    {
        Assert.Equal("513", new MemoryFit(512 << 20, 1, 513 << 20).ToString());
        Assert.Equal("600, not the 512 it was to be", new MemoryFit(512 << 20, 1, 600 << 20).ToString());
    }
}
