using S3Proxy.Fetching;
using S3Proxy.Origin;

namespace S3Proxy.Tests.Origin;

/// <summary>Requirement R1: of two answers one is taken whole; the other is disposed of, and the extra slot always comes back.</summary>
public sealed class HedgeRaceTests : IDisposable
{
    private readonly TaskCompletionSource<OriginAnswer> _first = new();
    private readonly TaskCompletionSource<OriginAnswer> _second = new();
    private readonly CancellationTokenSource _race = new();
    private readonly Probe _lease = new();

    public void Dispose() => _race.Dispose();

    [Fact]
    public async Task The_second_wins_and_keeps_its_slot_until_it_is_read()
    {
        Probe loser = new();
        Task<OriginAnswer> race = HedgeRace.FirstGoodAsync(_first.Task, _second.Task, _lease, _race);
        _second.SetResult(Answer(200, new Probe()));

        OriginAnswer winner = await race;
        Assert.True(_race.IsCancellationRequested);
        _first.SetResult(Answer(200, loser));
        await loser.Disposed;
        Assert.False(_lease.IsDisposed);
        winner.Dispose();
        Assert.True(_lease.IsDisposed);
    }

    [Fact]
    public async Task The_first_wins_and_the_slot_of_the_second_comes_back()
    {
        Task<OriginAnswer> race = HedgeRace.FirstGoodAsync(_first.Task, _second.Task, _lease, _race);
        _first.SetResult(Answer(206, new Probe()));
        Assert.Equal(206, (await race).Status);
        _second.SetException(new OperationCanceledException());
        await _lease.Disposed;
    }

    [Fact]
    public async Task A_bad_answer_waits_for_the_other()
    {
        Task<OriginAnswer> race = HedgeRace.FirstGoodAsync(_first.Task, _second.Task, _lease, _race);
        Probe bad = new();
        _first.SetResult(Answer(503, bad));
        Assert.False(race.IsCompleted);
        _second.SetResult(Answer(200, new Probe()));
        Assert.Equal(200, (await race).Status);
        await bad.Disposed;
    }

    [Fact]
    public async Task When_both_are_bad_the_first_is_the_truth()
    {
        Task<OriginAnswer> race = HedgeRace.FirstGoodAsync(_first.Task, _second.Task, _lease, _race);
        _second.SetException(new FetchException(FetchFailure.Unreachable, "down"));
        _first.SetResult(Answer(500, new Probe()));
        Assert.Equal(500, (await race).Status);
        await _lease.Disposed;
    }

    [Fact]
    public async Task When_both_fail_the_first_failure_is_told_and_the_slot_comes_back()
    {
        Task<OriginAnswer> race = HedgeRace.FirstGoodAsync(_first.Task, _second.Task, _lease, _race);
        _first.SetException(new FetchException(FetchFailure.TimedOut, "late"));
        _second.SetException(new FetchException(FetchFailure.Unreachable, "down"));
        Assert.Equal(FetchFailure.TimedOut, (await Assert.ThrowsAsync<FetchException>(() => race)).Failure);
        await _lease.Disposed;
    }

    private static OriginAnswer Answer(int status, IDisposable transfer) => new(status, [], Stream.Null, transfer);

    private sealed class Probe : IDisposable
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        public bool IsDisposed => _disposed.Task.IsCompleted;

        public void Dispose() => _disposed.TrySetResult();
    }
}
