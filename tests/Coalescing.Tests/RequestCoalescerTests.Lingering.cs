namespace S3Proxy.Coalescing.Tests;

/// <content>Flights that have ended and can still be joined, and those that are taken out of the table.</content>
public sealed partial class RequestCoalescerTests
{
    [Theory]
    [InlineData(FlightState.Complete, false)]
    [InlineData(FlightState.Failed, false)]
    [InlineData(FlightState.Cancelled, true)]
    [InlineData(FlightState.Superseded, true)]
    [InlineData(FlightState.Abandoned, true)]
    public void Only_results_and_failures_linger_and_are_swept(FlightState state, bool leadsAtOnce)
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> leader = coalescer.Acquire("a");
        leader.Flight.End(state, TimeSpan.FromSeconds(1));

        using (CoalescingGuard<string, int> soon = coalescer.Acquire("a"))
        {
            Assert.Equal(leadsAtOnce, soon.IsLeader);
        }

        Assert.Equal(0, coalescer.InFlightCount);
        _time.Advance(TimeSpan.FromSeconds(1));
        using CoalescingGuard<string, int> later = coalescer.Acquire("a");
        Assert.True(later.IsLeader);
        Assert.Equal(0, coalescer.LingeringCount);
    }

    [Fact]
    public void Lingering_outcomes_are_bounded()
    {
        RequestCoalescer<int, int> coalescer = new(new CoalescerOptions { MaxLingering = 2 }, _time);
        for (int key = 0; key < 5; key++)
        {
            using CoalescingGuard<int, int> guard = coalescer.Acquire(key);
            guard.Flight.Complete(key, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, coalescer.LingeringCount);
    }

    [Fact]
    public void A_linger_time_longer_than_any_timer_is_cut()
    {
        RequestCoalescer<int, int> coalescer = new(new CoalescerOptions(), TimeProvider.System);
        using CoalescingGuard<int, int> guard = coalescer.Acquire(1);

        Assert.True(guard.Flight.Complete(1, TimeSpan.FromDays(365)));

        Assert.Equal(1, coalescer.LingeringCount);
        coalescer.CancelAll();
        Assert.Equal(0, coalescer.LingeringCount);
    }

    [Fact]
    public void A_detached_flight_keeps_its_participants_and_never_removes_its_successor()
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> old = coalescer.Acquire("a");
        using CoalescingGuard<string, int> oldFollower = coalescer.Acquire("a");
        coalescer.Detach("a");
        using CoalescingGuard<string, int> fresh = coalescer.Acquire("a");
        Assert.True(fresh.IsLeader);

        old.Flight.Complete(1);

        Assert.Equal(FlightState.Complete, oldFollower.Flight.State);
        using CoalescingGuard<string, int> joined = coalescer.Acquire("a");
        Assert.Same(fresh.Flight, joined.Flight);
    }

    [Fact]
    public void Many_flights_are_detached_by_what_their_keys_have_in_common()
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> first = coalescer.Acquire("bucket/a");
        using CoalescingGuard<string, int> second = coalescer.Acquire("bucket/b");
        using CoalescingGuard<string, int> other = coalescer.Acquire("another/a");

        coalescer.Detach(key => key.StartsWith("bucket/", StringComparison.Ordinal));

        Assert.False(coalescer.IsInFlight("bucket/a") || coalescer.IsInFlight("bucket/b"));
        using CoalescingGuard<string, int> fresh = coalescer.Acquire("bucket/a");
        using CoalescingGuard<string, int> joined = coalescer.Acquire("another/a");
        Assert.True(fresh.IsLeader);
        Assert.Same(other.Flight, joined.Flight);
    }

    [Fact]
    public void Requests_that_must_not_share_get_flights_nobody_finds()
    {
        RequestCoalescer<string, int> coalescer = New();
        using CoalescingGuard<string, int> alone = coalescer.AcquireAlone("a");
        using CoalescingGuard<string, int> other = coalescer.Acquire("a");

        Assert.True(alone.IsLeader);
        Assert.True(other.IsLeader);
        Assert.Equal(2, coalescer.InFlightCount);
        alone.Flight.Complete(1);
        Assert.Equal(1, coalescer.InFlightCount);
    }
}
