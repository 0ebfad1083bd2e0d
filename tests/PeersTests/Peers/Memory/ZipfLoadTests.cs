using S3Proxy.Demo.Peers;
using S3Proxy.Demo.Peers.Memory;

namespace S3Proxy.PeersTests.Peers.Memory;

public sealed class ZipfLoadTests
{
    private const int Objects = 2000;
    private const long MeanBytes = 101;

    [Fact]
    public void Knowledge_of_popularity_beats_lru_and_that_of_sizes_beats_both()
    {
        ZipfLoad load = CreateLoad();
        ReplayedRatios[] replayed = load.Replay(Objects * MeanBytes / 5, fillCount: 20_000, rounds: 2, roundCount: 10_000);
        Assert.Equal(2, replayed.Length);
        Assert.All(replayed, ratios =>
        {
            Assert.InRange(ratios.Lru, 0.3, ratios.MostPopular - 0.05);
            Assert.InRange(ratios.MostPerByte, ratios.MostPopular + 0.05, 0.99);
        });
        Assert.NotEqual(replayed[0].Lru, replayed[1].Lru);
        Assert.Equal(replayed, load.Replay(Objects * MeanBytes / 5, fillCount: 20_000, rounds: 2, roundCount: 10_000));
    }

    [Fact]
    public void With_room_for_all_only_what_was_never_asked_for_is_missed()
    {
        ReplayedRatios ratios = Assert.Single(CreateLoad().Replay(Objects * MeanBytes, fillCount: 100_000, rounds: 1, roundCount: 1000));
        Assert.Equal((1, 1), (ratios.MostPopular, ratios.MostPerByte));
        Assert.InRange(ratios.Lru, 0.99, 1);
    }

    [Fact]
    public void The_mean_size_is_that_of_the_objects() => Assert.Equal(MeanBytes, CreateLoad().MeanBytes);

    private static ZipfLoad CreateLoad() => new([.. Enumerable.Range(0, Objects).Select(number => new PeerObject($"/{number}", 0, number % 2 == 0 ? 200 : 2))], exponent: 0.9);
}
