using S3Proxy.Coalescing.Waking;
using S3Proxy.Testing;

namespace S3Proxy.Coalescing.Tests.Waking;

/// <summary>Requirements W2, W3 and W6: who is woken, what is remembered, and who leaves.</summary>
public sealed partial class WakeHubTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly ManualTimeProvider _time = new();
    private readonly WakeHub<string> _hub;

    public WakeHubTests() => _hub = new WakeHub<string>(new WakeHubOptions { Jitter = 0 }, _time);

    public void Dispose() => _hub.Dispose();

    [Theory]
    [InlineData(WakeReason.Completed)]
    [InlineData(WakeReason.Invalidated)]
    [InlineData(WakeReason.HeardAgain)]
    public async Task W3_everyone_of_the_key_is_woken(WakeReason reason)
    {
        Task<WakeReason>[] waits = [.. Enumerable.Range(0, 3).Select(_ => Wait(_hub.Register("a")))];
        Task<WakeReason> other = Wait(_hub.Register("b"));

        int reached = _hub.Wake("a", reason);

        Assert.Equal(3, reached);
        Assert.Equal([reason, reason, reason], await Task.WhenAll(waits));
        Assert.Equal(1, _hub.WaitingCount);
        Assert.Equal(3, _hub.CountOf(reason));
        Assert.False(other.IsCompleted);
    }

    [Theory]
    [InlineData(WakeReason.LeaderFailed)]
    [InlineData(WakeReason.LeaseExpired)]
    public async Task W3_one_heir_is_woken(WakeReason reason)
    {
        Task<WakeReason>[] waits = [.. Enumerable.Range(0, 3).Select(_ => Wait(_hub.Register("a")))];

        int reached = _hub.Wake("a", reason);

        Assert.Equal(1, reached);
        Assert.Equal(reason, await waits[0]);
        Assert.Equal(2, _hub.WaitingCount);
    }

    [Fact]
    public async Task W3_an_heir_that_leaves_without_having_looked_passes_the_wake_on()
    {
        // duroxide-pg: wake-one stranded those who came after one that could not use it.
        WakeToken<string>[] tokens = [_hub.Register("a"), _hub.Register("a"), _hub.Register("a")];
        Task<WakeReason>[] waits = [.. tokens.Select(Wait)];
        _hub.Wake("a", WakeReason.LeaseExpired);
        Assert.Equal(WakeReason.LeaseExpired, await waits[0]);

        tokens[0].Dispose();
        Assert.Equal(WakeReason.LeaseExpired, await waits[1]);
        Assert.Equal(1, _hub.WaitingCount);

        tokens[1].Accept();
        tokens[1].Dispose();
        Assert.Equal(1, _hub.WaitingCount);
        Assert.False(waits[2].IsCompleted);
    }

    [Fact]
    public async Task W3_an_heir_cancelled_as_it_is_woken_passes_the_wake_on_when_it_leaves()
    {
        using CancellationTokenSource leaves = new();
        WakeToken<string> first = _hub.Register("a");
        ValueTask<WakeReason> wait = first.WaitAsync(Long, leaves.Token);
        Task<WakeReason> second = Wait(_hub.Register("a"));
        _hub.Wake("a", WakeReason.LeaderFailed);

        await leaves.CancelAsync();
        first.Dispose();

        Assert.Equal(WakeReason.LeaderFailed, await wait);
        Assert.Equal(WakeReason.LeaderFailed, await second);
    }

    [Fact]
    public async Task W3_an_heir_that_waits_again_has_looked()
    {
        WakeToken<string> first = _hub.Register("a");
        Task<WakeReason> wait = Wait(first);
        _hub.Wake("a", WakeReason.LeaderFailed);
        await wait;

        Task<WakeReason> again = Wait(first);
        Task<WakeReason> second = Wait(_hub.Register("a"));
        first.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => again);
        Assert.False(second.IsCompleted);
        Assert.Equal(1, _hub.WaitingCount);
    }

    [Fact]
    public async Task W3_a_wake_for_everyone_settles_what_an_heir_owes()
    {
        WakeToken<string> heir = _hub.Register("a");
        Task<WakeReason> wait = Wait(heir);
        _hub.Wake("a", WakeReason.LeaderFailed);
        await wait;
        WakeToken<string> other = _hub.Register("a");
        Task<WakeReason> others = Wait(other);
        _hub.Wake("a", WakeReason.Completed);
        Assert.Equal(WakeReason.Completed, await others);

        others = Wait(other);
        heir.Dispose();

        Assert.Equal(1, _hub.WaitingCount);
        Assert.False(others.IsCompleted);
    }

    [Fact]
    public async Task W3_the_heir_is_one_that_waits_rather_than_one_that_leads()
    {
        WakeToken<string> leader = _hub.Register("a");
        leader.Accept();
        WakeToken<string> looks = _hub.Register("a");
        WakeToken<string> waits = _hub.Register("a");
        Task<WakeReason> wait = Wait(waits);

        _hub.Wake("a", WakeReason.LeaseExpired);
        Assert.Equal(WakeReason.LeaseExpired, await wait);
        waits.Accept();
        _hub.Wake("a", WakeReason.LeaseExpired);

        Assert.Equal(WakeReason.LeaseExpired, await looks.WaitAsync(Long, CancellationToken.None));
        Task<WakeReason> leaders = Wait(leader);
        Assert.False(leaders.IsCompleted);
        Assert.Equal(1, _hub.WaitingCount);
    }

    [Fact]
    public async Task W2_a_wake_between_registration_and_wait_is_remembered_once()
    {
        WakeToken<string> token = _hub.Register("a");
        _hub.Wake("a", WakeReason.Completed);

        ValueTask<WakeReason> wait = token.WaitAsync(Long, CancellationToken.None);

        Assert.True(wait.IsCompletedSuccessfully);
        Assert.Equal(WakeReason.Completed, await wait);
        Assert.False(token.WaitAsync(Long, CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task W2_a_wake_between_two_waits_is_remembered()
    {
        WakeToken<string> token = _hub.Register("a");
        Task<WakeReason> first = Wait(token);
        _hub.Wake("a", WakeReason.LeaderFailed);
        await first;

        // It may have looked before this one.
        _hub.Wake("a", WakeReason.LeaderFailed);
        token.Accept();

        Assert.Equal(WakeReason.LeaderFailed, await token.WaitAsync(Long, CancellationToken.None));
    }

    [Fact]
    public async Task Of_remembered_wakes_the_one_that_says_most_is_heard()
    {
        WakeToken<string> token = _hub.Register("a");
        foreach (WakeReason reason in (WakeReason[])[WakeReason.HeardAgain, WakeReason.Completed, WakeReason.Invalidated, WakeReason.Completed, WakeReason.LeaderFailed])
        {
            _hub.Wake("a", reason);
        }

        Assert.Equal(WakeReason.Invalidated, await token.WaitAsync(Long, CancellationToken.None));

        // The last came after everyone was woken: it is still owed to somebody.
        Task<WakeReason> other = Wait(_hub.Register("a"));
        token.Dispose();
        Assert.Equal(WakeReason.LeaderFailed, await other);
    }

    [Fact]
    public void A_wake_with_nobody_there_is_dropped()
    {
        Assert.Equal(0, _hub.Wake("a", WakeReason.Completed));
        using WakeToken<string> token = _hub.Register("a");

        Assert.False(token.WaitAsync(Long, CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task W6_cancellation_ends_one_wait_and_the_token_goes_on_to_remember()
    {
        using CancellationTokenSource leaves = new();
        WakeToken<string> first = _hub.Register("a");
        Task<WakeReason> left = first.WaitAsync(Long, leaves.Token).AsTask();
        Task<WakeReason> stays = Wait(_hub.Register("a"));

        await leaves.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(leaves.Token, error.CancellationToken);
        Assert.Equal(1, _hub.WaitingCount);
        Assert.Equal(2, _hub.Wake("a", WakeReason.Completed));
        Assert.Equal(WakeReason.Completed, await stays);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Long, leaves.Token).AsTask());
        Assert.Equal(WakeReason.Completed, await first.WaitAsync(Long, CancellationToken.None));
    }

    [Fact]
    public async Task W6_a_token_that_leaves_removes_only_itself()
    {
        WakeToken<string> first = _hub.Register("a");
        Task<WakeReason> left = Wait(first);
        Task<WakeReason> stays = Wait(_hub.Register("a"));

        first.Dispose();
        first.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => left);
        Assert.Equal(1, _hub.RegisteredCount);
        Assert.Equal(1, _hub.Wake("a", WakeReason.Completed));
        Assert.Equal(WakeReason.Completed, await stays);
    }

    [Fact]
    public async Task WakeAll_reaches_everyone_or_one_heir_of_each_key()
    {
        Task<WakeReason>[] waits = [.. ((string[])["a", "a", "b", "b"]).Select(key => Wait(_hub.Register(key)))];

        Assert.Equal(2, _hub.WakeAll(WakeReason.LeaderFailed));
        Assert.Equal([WakeReason.LeaderFailed, WakeReason.LeaderFailed], await Task.WhenAll(waits[0], waits[2]));
        Assert.Equal(4, _hub.WakeAll(WakeReason.HeardAgain));

        Assert.Equal([WakeReason.HeardAgain, WakeReason.HeardAgain], await Task.WhenAll(waits[1], waits[3]));
        Assert.Equal(0, _hub.WaitingCount);
    }

    [Fact]
    public async Task A_hub_disposed_of_ends_all_waits()
    {
        WakeToken<string> token = _hub.Register("a");
        Task<WakeReason> wait = Wait(token);

        _hub.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Wait(token));
        Assert.Throws<ObjectDisposedException>(() => _hub.Register("a"));
        token.Dispose();
        Assert.Equal(0, _hub.RegisteredCount);
    }

    [Fact]
    public async Task Two_waits_at_once_on_one_token_are_refused()
    {
        WakeToken<string> token = _hub.Register("a");
        Task<WakeReason> wait = Wait(token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => token.WaitAsync(Long, CancellationToken.None).AsTask());

        Assert.False(wait.IsCompleted);
        Assert.Equal(1, _hub.WaitingCount);
    }

    [Fact]
    public void Only_the_hub_says_what_is_due()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _hub.Wake("a", WakeReason.Due));
        Assert.Throws<ArgumentOutOfRangeException>(() => _hub.WakeAll(WakeReason.Due));
        Assert.Throws<ArgumentOutOfRangeException>(() => _hub.Wake("a", (WakeReason)99));
    }

    private static Task<WakeReason> Wait(WakeToken<string> token) => token.WaitAsync(Long, CancellationToken.None).AsTask();
}
