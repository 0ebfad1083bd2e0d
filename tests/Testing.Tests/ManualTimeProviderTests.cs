namespace S3Proxy.Testing.Tests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void The_clock_stands_still_until_advanced()
    {
        DateTimeOffset before = _clock.GetUtcNow();
        long timestamp = _clock.GetTimestamp();
        Assert.Equal(before, _clock.GetUtcNow());

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(before + TimeSpan.FromSeconds(3), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.GetElapsedTime(timestamp));
    }

    [Fact]
    public void The_clock_does_not_go_back() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));

    [Fact]
    public void Timers_fire_in_the_order_of_due_time_then_of_arming()
    {
        List<string> fired = [];
        using ITimer late = Once(2, () => fired.Add("late"));
        using ITimer first = Once(1, () => fired.Add("first"));
        using ITimer second = Once(1, () => fired.Add("second"));

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["first", "second", "late"], fired);
    }

    [Fact]
    public void A_callback_sees_its_own_due_time()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        List<TimeSpan> seen = [];
        using ITimer timer = _clock.CreateTimer(_ => seen.Add(_clock.GetUtcNow() - start), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal([1, 3, 5], seen.Select(time => time.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(6), _clock.GetUtcNow() - start);
    }

    [Fact]
    public void A_timer_armed_by_a_callback_fires_within_the_same_advance()
    {
        bool fired = false;
        using ITimer outer = Once(1, () => Once(1, () => fired = true));

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(fired);
    }

    [Fact]
    public void Advancing_inside_a_callback_adds_up()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        using ITimer timer = Once(1, () => _clock.Advance(TimeSpan.FromSeconds(5)));

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(7), _clock.GetUtcNow() - start);
    }

    [Fact]
    public void Disposed_and_rearmed_timers_do_not_fire_at_their_old_time()
    {
        List<string> fired = [];
        ITimer disposed = Once(1, () => fired.Add("disposed"));
        using ITimer moved = Once(1, () => fired.Add("moved"));
        disposed.Dispose();
        moved.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(fired);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["moved"], fired);
        Assert.False(disposed.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Fact]
    public async Task A_due_time_of_zero_fires_without_advancing()
    {
        TaskCompletionSource fired = new();
        using ITimer timer = _clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.Task;
    }

    [Fact]
    public async Task Delays_and_cancellation_follow_the_clock()
    {
        Task delay = Task.Delay(TimeSpan.FromSeconds(10), _clock);
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(5), _clock);
        await _clock.WaitForTimersAsync(2);

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(timeout.IsCancellationRequested);
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(5));
        await delay;
    }

    [Fact]
    public async Task Waiting_for_timers_ends_when_enough_are_armed()
    {
        Task two = _clock.WaitForTimersAsync(2);
        using ITimer first = Once(1, () => { });
        Assert.False(two.IsCompleted);

        using ITimer second = Once(1, () => { });
        await two;
    }

    private ITimer Once(int seconds, Action callback) =>
        _clock.CreateTimer(_ => callback(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
