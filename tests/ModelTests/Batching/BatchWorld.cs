using S3Proxy.Coalescing.Batching;
using S3Proxy.ModelTests.Scheduling;
using S3Proxy.Testing;

namespace S3Proxy.ModelTests.Batching;

/// <summary>A batcher, its callers and what it sends to; everything runs on the seeded scheduler of the thread that makes it.</summary>
internal sealed partial class BatchWorld : IDisposable
{
    private readonly BatchSchedule _schedule;
    private readonly BatchBug _bug;
    private readonly ModelRandom _random;
    private readonly List<ModelAsk> _asks = [];
    private readonly List<ModelSend> _held = [];
    private readonly int[] _inFlight;
    private readonly int[] _lastSent;
    private readonly CancellationTokenSource _patience = new();
    private Task? _stopped;
    private int _asked;
    private bool _isCalm;

    public BatchWorld(BatchSchedule schedule, BatchBug bug)
    {
        _schedule = schedule;
        _bug = bug;
        _random = new ModelRandom(schedule.Seed ^ 0xBA7C);
        _inFlight = new int[schedule.Lanes];
        _lastSent = [.. Enumerable.Repeat(-1, schedule.Lanes)];
        Scheduler = new SeededScheduler(schedule.Seed);
        Batcher = new Batcher<int, int>(
            schedule.Options with { Scheduler = Scheduler }, SendAsync, LaneOf, GiveBack, Time, new Observer(this));
    }

    public SeededScheduler Scheduler { get; }

    public ManualTimeProvider Time { get; } = new();

    public Batcher<int, int> Batcher { get; }

    /// <summary>The first thing that went wrong.</summary>
    public string? Failure { get; private set; }

    private BatcherOptions Options => _schedule.Options;

    public void Dispose()
    {
        Batcher.Dispose();
        _patience.Dispose();
        foreach (ModelAsk ask in _asks)
        {
            ask.Leaves.Dispose();
        }
    }

    public void Apply(BatchAction action)
    {
        switch (action.Move)
        {
            case BatchMove.Ask:
                Ask();
                break;
            case BatchMove.Cancel when _asks.Count > 0:
                _asks[action.Number % _asks.Count].Leaves.Cancel();
                break;
            case BatchMove.Settle:
                Settle();
                break;
            case BatchMove.Advance:
                Time.Advance(TimeSpan.FromMilliseconds(action.Number % 7));
                break;
            case BatchMove.Stop:
                _stopped ??= Scheduler.Start(() => Batcher.StopAsync(_patience.Token));
                break;
            case BatchMove.Abort:
                _stopped ??= Scheduler.Start(() => Batcher.StopAsync(_patience.Token));
                _patience.Cancel();
                break;
            case BatchMove.Answer or BatchMove.AnswerShort or BatchMove.AnswerPartly or BatchMove.Fail when _held.Count > 0:
                EndSend(action.Number % _held.Count, action.Move);
                break;
            default:
                break;
        }
    }

    /// <summary>Runs everything that can run, then looks whether anybody waits without a reason.</summary>
    public void Settle()
    {
        while (Step())
        {
        }

        CheckQuiet();
    }

    /// <summary>Runs one task; false when there is none.</summary>
    public bool Step() => Failure is null && Scheduler.TryStep();

    /// <summary>Ends whatever is held until nothing is left, and checks that everyone has the right outcome.</summary>
    public void Finish()
    {
        Settle();
        Drain();
        BurstIfRunning();
        if (_schedule.Seed % 2 == 0)
        {
            _stopped ??= Scheduler.Start(() => Batcher.StopAsync(_patience.Token));
        }

        Drain();
        CheckEnd();
    }

    private void Drain()
    {
        Settle();
        while (_held.Count > 0 && Failure is null)
        {
            EndSend(0, BatchMove.Answer);
            Settle();
        }

        Time.Advance(TimeSpan.FromMilliseconds(10));
        Settle();
        if (_held.Count > 0 && Failure is null)
        {
            Drain();
        }
    }

    /// <summary>B6: N that come while one is in flight take no more round trips than full batches need, and that one.</summary>
    private void BurstIfRunning()
    {
        if (_stopped is not null || !Options.IsEnabled || Options.MaxInFlight > 1)
        {
            return;
        }

        _isCalm = true;
        long before = Batcher.RoundTripCount;
        ModelAsk first = Ask(lane: 0);
        Settle();
        int burst = Math.Min(_random.Between(0, 20), Options.MaxBatchItems - 1);
        for (int i = 0; i < burst; i++)
        {
            Ask(lane: 0);
        }

        Settle();
        Drain();
        long most = 1 + ((burst + Options.MaxBatchSize - 1) / Options.MaxBatchSize);
        Expect(first.Outcome == AskOutcome.Result, $"Outcome: a request alone came to {first.Outcome}.");
        Expect(Batcher.RoundTripCount - before <= most, $"Round trips: {burst} requests behind one took {Batcher.RoundTripCount - before}, more than {most}.");
        _isCalm = false;
    }

    private ModelAsk Ask(int? lane = null)
    {
        ModelAsk ask = new(_asks.Count, lane ?? _random.Below(_schedule.Lanes));
        _asks.Add(ask);
        Scheduler.Start(() => AskAsync(ask));
        return ask;
    }

    private async Task AskAsync(ModelAsk ask)
    {
        bool isQuiet = Scheduler.Runnable == 0;
        bool isIdle = isQuiet && _inFlight[ask.Lane] == 0 && !_asks.Exists(other => other.Lane == ask.Lane && other.IsWaiting);
        int pending = Batcher.PendingCount;
        bool wasCancelled = ask.Leaves.IsCancellationRequested;
        bool isFull = Options.IsEnabled && pending >= Options.MaxBatchItems && !wasCancelled && _stopped is null;
        ask.IsAsked = true;
        ask.Order = _asked++;
        ask.AskedAt = Time.GetTimestamp();
        bool isTaken = _bug.TryAsk(Batcher, ask.Number, Time, ask.Leaves.Token, out ValueTask<int> answer);
        Expect(isTaken || pending >= Options.MaxBatchItems, $"Bound: {ask} was refused with {pending} pending.");
        Expect(!isTaken || !isFull, $"Bound: {ask} was taken with {pending} pending.");
        Expect(ask.Sent == 1 || !isTaken || !(isIdle || !Options.IsEnabled) || wasCancelled || _stopped is not null, $"Idle: {ask} was not sent at once though its lane was idle.");
        await HearAsync(ask, answer);
        CheckOutcome(ask);
    }

    private async Task HearAsync(ModelAsk ask, ValueTask<int> answer)
    {
        try
        {
            int result = await answer;
            ask.Outcome = AskOutcome.Result;
            Expect(result == ModelSend.ResultOf(ask.Number), $"Outcome: {ask} heard {result}.");
        }
        catch (OperationCanceledException cancelled)
        {
            ask.Outcome = AskOutcome.Cancelled;
            Expect(cancelled.CancellationToken == ask.Leaves.Token, $"Outcome: {ask} heard of another's cancellation.");
        }
        catch (ObjectDisposedException)
        {
            ask.Outcome = AskOutcome.Stopped;
        }
        catch (BatcherFullException)
        {
            ask.Outcome = AskOutcome.Refused;
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            ask.Outcome = AskOutcome.Failure;
            Expect(ask.Failure is null ? failure is InvalidOperationException : ReferenceEquals(failure, ask.Failure), $"Outcome: {ask} heard of another's failure.");
        }
    }

    private int LaneOf(int request) => _asks[request].Lane;

    private void GiveBack(int request, int result)
    {
        _asks[request].Orphaned++;
        Expect(result == ModelSend.ResultOf(request), $"Orphans: the result {result} was given back for request {request}.");
        if (_random.Chance(10))
        {
            throw new InvalidDataException("The orphan delegate failed.");
        }
    }

    private Task<IReadOnlyList<BatchResult<int>>> SendAsync(IReadOnlyList<int> requests, CancellationToken cancellationToken)
    {
        ModelAsk[] asks = [.. requests.Select(request => _asks[request])];
        CheckSent(asks);
        ModelSend send = new(asks, heedsCancellation: _random.Chance(50));
        int chance = _isCalm ? 100 : _random.Below(100);
        if (chance < 12)
        {
            return Task.FromResult(send.Results(_random.Pick<BatchMove>([BatchMove.Answer, BatchMove.Answer, BatchMove.AnswerShort, BatchMove.AnswerPartly, BatchMove.Fail])));
        }

        if (chance < 15)
        {
            return null!;
        }

        _held.Add(send);
        return send.HoldAsync(cancellationToken);
    }

    private void EndSend(int index, BatchMove end)
    {
        ModelSend send = _held[index];
        _held.RemoveAt(index);
        send.End(end);
    }

    private void Expect(bool holds, string violation)
    {
        if (!holds)
        {
            Failure ??= violation;
        }
    }

    private sealed class Observer(BatchWorld world) : BatchObserver
    {
        public override void OnSent(int lane, int requests, TimeSpan oldestWaited)
        {
            world._inFlight[lane]++;
            world.Expect(
                !world.Options.IsEnabled || world._inFlight[lane] <= world.Options.MaxInFlight, $"In flight: {world._inFlight[lane]} batches of lane {lane}.");
        }

        public override void OnReturned(int lane, int requests, TimeSpan roundTrip, Exception? failure) => world._inFlight[lane]--;
    }
}
