using S3Proxy.Fetching;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirement F8: so many at a time, in order, and nobody waits without bound.</summary>
public sealed class ReleaseGateTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ManualTimeProvider _time = new();
    private readonly ReleaseGate _gate = new(2);

    [Fact]
    public async Task Each_turn_given_back_lets_in_the_one_who_waits_longest()
    {
        Task<ReleaseTurn?>[] all = [.. Enumerable.Range(0, 5).Select(_ => EnterAsync())];
        Assert.Equal([true, true, false, false, false], all.Select(task => task.IsCompleted));

        (await all[0])!.Dispose();
        Assert.NotNull(await all[2]);
        Assert.False(all[3].IsCompleted);
        (await all[1])!.Dispose();
        (await all[2])!.Dispose();
        Assert.NotNull(await all[3]);
        Assert.NotNull(await all[4]);
        Assert.Equal(0, _gate.Waiting);
    }

    [Fact]
    public async Task A_turn_is_given_back_once()
    {
        ReleaseTurn first = (await EnterAsync())!;
        await EnterAsync();
        first.Dispose();
        first.Dispose();

        Assert.True(EnterAsync().IsCompleted);
        Assert.False(EnterAsync().IsCompleted);
    }

    [Fact]
    public async Task Who_leaves_the_queue_costs_the_others_nothing()
    {
        using CancellationTokenSource left = new();
        ReleaseTurn first = (await EnterAsync())!;
        await EnterAsync();
        Task<ReleaseTurn?> leaver = EnterAsync(left.Token);
        Task<ReleaseTurn?> next = EnterAsync();

        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        first.Dispose();
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task A_wait_ends_with_its_limit()
    {
        ReleaseTurn first = (await EnterAsync())!;
        await EnterAsync();
        Task<ReleaseTurn?> waiter = EnterAsync();
        _time.Advance(Limit);

        Assert.Null(await waiter);
        Assert.Equal(0, _gate.Waiting);
        first.Dispose();
        Assert.NotNull(await EnterAsync());
    }

    private Task<ReleaseTurn?> EnterAsync(CancellationToken cancellationToken = default) => _gate.EnterAsync(Limit, _time, cancellationToken).AsTask();
}
