using S3Proxy.Origin.Slots;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Origin.Slots;

/// <summary>Requirement R1: the limit follows what the origin says and how late it answers.</summary>
public class AdaptiveLimitTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(20);
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void An_origin_that_asks_for_less_gets_half_once_a_second_and_never_less_than_the_least()
    {
        AdaptiveLimit limit = New(64, 4);
        for (int i = 0; i < 50; i++)
        {
            limit.Observe(OriginSignal.Overloaded, Usual, inUse: 64);
        }

        Assert.Equal(32, limit.Current);
        for (int second = 0; second < 20; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            limit.Observe(OriginSignal.Overloaded, Usual, inUse: limit.Current);
        }

        Assert.Equal(4, limit.Current);
    }

    [Fact]
    public void It_grows_by_one_a_round_while_it_holds_requests_back_and_never_beyond_the_most()
    {
        AdaptiveLimit limit = New(10, 1);
        limit.Observe(OriginSignal.Overloaded, Usual, inUse: 10);
        Assert.Equal(5, limit.Current);
        for (int answer = 0; answer < 6; answer++)
        {
            limit.OnBound();
            limit.Observe(OriginSignal.Answered, Usual, inUse: 5);
        }

        Assert.Equal(6, limit.Current);
        for (int answer = 0; answer < 1000; answer++)
        {
            limit.Observe(OriginSignal.Answered, Usual, inUse: limit.Current);
        }

        Assert.Equal(10, limit.Current);
    }

    [Fact]
    public void It_does_not_grow_while_nothing_is_held_back()
    {
        AdaptiveLimit limit = New(10, 1);
        limit.Observe(OriginSignal.Overloaded, Usual, inUse: 10);
        for (int answer = 0; answer < 1000; answer++)
        {
            limit.Observe(OriginSignal.Answered, Usual, inUse: 1);
        }

        Assert.Equal(5, limit.Current);
    }

    [Fact]
    public void First_bytes_that_queue_at_the_origin_lower_it_and_ordinary_spread_does_not()
    {
        AdaptiveLimit limit = New(100, 4);
        Random random = new(1);
        for (int answer = 0; answer < 2000; answer++)
        {
            limit.Observe(OriginSignal.Answered, Usual * (0.5 + random.NextDouble()), inUse: 50);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(100, limit.Current);
        for (int answer = 0; answer < 500; answer++)
        {
            limit.Observe(OriginSignal.Answered, Usual * 10, inUse: 50);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(limit.Current, 4, 90);
    }

    private AdaptiveLimit New(int max, int min) => new(max, min, reactsToLatency: true, _time);
}
