using S3Proxy.Demo.Peers.Memory;

namespace S3Proxy.PeersTests.Peers.Memory;

public sealed class LruReplayTests
{
    [Fact]
    public void What_was_asked_for_longest_ago_leaves_first()
    {
        LruReplay replay = new([1, 1, 1], capacityBytes: 2);

        // 2 drives out 1, as 0 was asked for since; then 1 drives out 0.
        Assert.Equal(1.0 / 4, replay.Play([0, 1, 0, 2]));
        Assert.Equal(2.0 / 3, replay.Play([0, 2, 1]));
        Assert.Equal(1.0 / 2, replay.Play([2, 0]));
    }

    [Fact]
    public void Bytes_are_what_is_bounded()
    {
        LruReplay replay = new([4, 1, 1, 9], capacityBytes: 5);
        replay.Play([1, 2, 0]);
        Assert.Equal(1, replay.Play([2, 0]));
        Assert.Equal(0, replay.Play([1, 3]));
        Assert.Equal(0, replay.Play([0, 3]));
    }
}
