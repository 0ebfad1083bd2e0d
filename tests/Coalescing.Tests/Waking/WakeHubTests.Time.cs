using S3Proxy.Coalescing.Waking;
using S3Proxy.Testing;

namespace S3Proxy.Coalescing.Tests.Waking;

/// <summary>Requirements W5 and W9: due times on one timer, none early, and the degraded mode.</summary>
public sealed partial class WakeHubTests
{
    [Fact]
    public async Task W9_a_wait_is_due_when_its_time_is_over_and_not_before()
    {
        WakeToken<string> token = _hub.Register("a");
        Task<WakeReason> wait = token.WaitAsync(TimeSpan.FromMilliseconds(250), CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(250) - TimeSpan.FromTicks(1));
        Assert.Equal(1, _hub.WaitingCount);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(WakeReason.Due, await wait);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public async Task W9_a_timer_that_fires_early_wakes_nobody()
    {
        EarlyTimers early = new(_time);
        using WakeHub<string> hub = new(new WakeHubOptions(), early);
        Task<WakeReason> wait = hub.Register("a").WaitAsync(TimeSpan.FromMilliseconds(10), CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Equal(1, hub.WaitingCount);
        Assert.True(early.Fired > 0);
        _time.Advance(TimeSpan.FromMilliseconds(2));

        Assert.Equal(WakeReason.Due, await wait);
    }

    [Fact]
    public async Task W9_waits_are_due_in_their_order_on_one_timer()
    {
        int[] times = [500, 100, 300, 200, 400, 100];
        Task<WakeReason>[] waits = [.. times.Select(milliseconds => _hub.Register("a").WaitAsync(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None).AsTask())];
        Assert.Equal(1, _time.ArmedTimers);

        foreach ((int milliseconds, int left) in ((int, int)[])[(100, 4), (200, 3), (300, 2), (400, 1), (500, 0)])
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds) - TimeSpan.FromTicks(_time.GetTimestamp()));
            Assert.Equal(left, _hub.WaitingCount);
        }

        Assert.All(await Task.WhenAll(waits), reason => Assert.Equal(WakeReason.Due, reason));
    }

    [Fact]
    public async Task W9_100_000_waits_cost_one_timer()
    {
        Random random = new(7);
        List<Task<WakeReason>> waits = [];
        for (int i = 0; i < 100_000; i++)
        {
            waits.Add(_hub.Register("a").WaitAsync(TimeSpan.FromSeconds(random.Next(1, 60)), CancellationToken.None).AsTask());
        }

        Assert.Equal(1, _time.ArmedTimers);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(0, _hub.WaitingCount);
        await Task.WhenAll(waits);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public async Task W9_a_wait_longer_than_any_timer_is_due_in_the_end()
    {
        Task<WakeReason> wait = _hub.Register("a").WaitAsync(TimeSpan.FromDays(120), CancellationToken.None).AsTask();
        Task<WakeReason> longest = _hub.Register("a").WaitAsync(TimeSpan.MaxValue, CancellationToken.None).AsTask();
        Task<WakeReason> endless = _hub.Register("a").WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromDays(119));
        Assert.Equal(3, _hub.WaitingCount);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(WakeReason.Due, await wait);
        Assert.Equal(2, _hub.WaitingCount);
        Assert.False(longest.IsCompleted || endless.IsCompleted);
    }

    [Fact]
    public async Task A_wait_of_no_time_looks_for_a_remembered_wake()
    {
        WakeToken<string> token = _hub.Register("a");
        Assert.Equal(WakeReason.Due, await token.WaitAsync(TimeSpan.Zero, CancellationToken.None));

        _hub.Wake("a", WakeReason.Completed);

        Assert.Equal(WakeReason.Completed, await token.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => token.WaitAsync(TimeSpan.FromTicks(-2), CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task W5_a_missed_wake_is_counted_and_makes_looks_frequent()
    {
        WakeToken<string> token = _hub.Register("a");
        Assert.Equal(1, token.NextLook().TotalSeconds);
        await LookAsync(token);
        await LookAsync(token);
        Assert.Equal(4, token.NextLook().TotalSeconds);

        Assert.True(token.ReportMissed());
        Assert.False(token.ReportMissed());

        Assert.Equal(1, _hub.MissedCount);
        Assert.True(_hub.IsDegraded);
        Assert.Equal(1, token.NextLook().TotalSeconds);
    }

    [Fact]
    public async Task W5_a_wake_that_was_only_late_is_not_missed()
    {
        WakeToken<string> token = _hub.Register("a");
        await LookAsync(token);
        _hub.Wake("a", WakeReason.Completed);

        Assert.False(token.ReportMissed());

        Assert.Equal(0, _hub.MissedCount);
        Assert.False(_hub.IsDegraded);
    }

    [Fact]
    public async Task W5_degraded_mode_ends_after_its_time_and_clean_looks()
    {
        WakeToken<string> token = _hub.Register("a");
        _hub.ReportLinkLost();
        _hub.ReportLinkRestored();
        for (int look = 0; look < 3; look++)
        {
            await LookAsync(token);
        }

        _time.Advance(TimeSpan.FromSeconds(27));
        Assert.True(_hub.IsDegraded);
        Task<WakeReason> wait = Wait(token);

        Assert.False(_hub.IsDegraded);
        Assert.False(wait.IsCompleted);
    }

    [Fact]
    public async Task W5_waits_that_relied_on_wakes_end_soon_when_the_link_is_lost()
    {
        Task<WakeReason> longWait = Wait(_hub.Register("a"));
        Task<WakeReason> endless = _hub.Register("a").WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask();
        Task<WakeReason> shortWait = _hub.Register("a").WaitAsync(TimeSpan.FromMilliseconds(300), CancellationToken.None).AsTask();

        _hub.ReportLinkLost();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(2, _hub.WaitingCount);
        Assert.Equal(WakeReason.Due, await shortWait);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(WakeReason.HeardAgain, await longWait);
        Assert.Equal(WakeReason.HeardAgain, await endless);
    }

    [Fact]
    public async Task W2_jitter_takes_off_its_part_at_most_and_never_from_a_due_time()
    {
        using WakeHub<string> hub = new(new WakeHubOptions { Jitter = 0.5, Random = new Random(3) }, _time);
        WakeToken<string> token = hub.Register("a");

        double[] looks = [.. Enumerable.Range(0, 200).Select(_ => token.NextLook().TotalSeconds)];
        Task<WakeReason> wait = token.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();

        Assert.All(looks, seconds => Assert.InRange(seconds, 0.5, 1));
        Assert.True(looks.Max() - looks.Min() > 0.4);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, hub.WaitingCount);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(WakeReason.Due, await wait);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void A_bad_jitter_is_refused(double jitter) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WakeHub<string>(new WakeHubOptions { Jitter = jitter }, _time));

    private async Task LookAsync(WakeToken<string> token)
    {
        ValueTask<WakeReason> wait = token.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(WakeReason.Due, await wait);
    }

    /// <summary>Timers that fire in half of their time, and again until they are told otherwise.</summary>
    private sealed class EarlyTimers(ManualTimeProvider time) : TimeProvider
    {
        public int Fired { get; private set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(
            time.CreateTimer(
                given =>
                {
                    Fired++;
                    callback(given);
                },
                state,
                dueTime,
                period));

        private sealed class Timer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / 2, period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
