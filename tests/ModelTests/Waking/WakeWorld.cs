using S3Proxy.Coalescing.Waking;
using S3Proxy.ModelTests.Scheduling;
using S3Proxy.Testing;

namespace S3Proxy.ModelTests.Waking;

/// <summary>
/// A hub, those who wait, and beside it the rules in their plainest form, to which everything happens at the same moment. Runs on the seeded scheduler of the
/// thread that makes it; its clock moves by whole milliseconds, to which timers are exact.
/// </summary>
internal sealed partial class WakeWorld : IDisposable
{
    private static readonly WakeReason[] Reasons =
        [WakeReason.Completed, WakeReason.Invalidated, WakeReason.HeardAgain, WakeReason.LeaderFailed, WakeReason.LeaderFailed, WakeReason.LeaseExpired];

    private static readonly FallbackOptions Fallback = new() { Interval = TimeSpan.FromMilliseconds(20), DegradedTime = TimeSpan.FromMilliseconds(50), CleanChecks = 2 };

    private readonly WakeSchedule _schedule;
    private readonly WakeBug _bug;
    private readonly SeededScheduler _scheduler;
    private readonly ManualTimeProvider _time = new();
    private readonly WakeHub<int> _hub;
    private readonly NaiveHub _naive = new(Fallback);

    /// <summary>Numbers of the events at which a key was last woken for everyone, for one heir, and at which somebody last took note of the latter.</summary>
    private readonly long[] _wokenAll;
    private readonly long[] _wokenHeir;
    private readonly long[] _heirLooked;
    private long _event;
    private bool _isLinkUp = true;

    public WakeWorld(WakeSchedule schedule, WakeBug bug)
    {
        _schedule = schedule;
        _bug = bug;
        _scheduler = new SeededScheduler(schedule.Seed);
        _hub = new WakeHub<int>(new WakeHubOptions { Jitter = 0, Fallback = Fallback }, _time);
        _wokenAll = new long[schedule.Keys];
        _wokenHeir = new long[schedule.Keys];
        _heirLooked = new long[schedule.Keys];
    }

    /// <summary>The first thing that went wrong.</summary>
    public string? Failure { get; private set; }

    public void Dispose()
    {
        _hub.Dispose();
        foreach (NaiveToken token in _naive.Tokens)
        {
            token.Leaves.Dispose();
        }
    }

    /// <summary>Runs one task; false when there is none.</summary>
    public bool Step() => Failure is null && _scheduler.TryStep();

    public void Apply(WakeAction action)
    {
        _event++;
        NaiveToken[] present = [.. _naive.Present];
        NaiveToken? token = present.Length > 0 ? present[action.Number % present.Length] : null;
        switch (action.Move)
        {
            case WakeMove.Register:
                Register(action.Number % _schedule.Keys);
                break;
            case WakeMove.Wake:
                Wake(action.Number % _schedule.Keys, Reasons[action.Choice % Reasons.Length]);
                break;
            case WakeMove.WakeAll:
                WakeAll(Reasons[action.Choice % Reasons.Length]);
                break;
            case WakeMove.Advance:
                Advance(TimeSpan.FromMilliseconds(action.Choice % 30));
                break;
            case WakeMove.Link:
                ChangeLink();
                break;
            case WakeMove.Settle:
                Settle();
                break;
            case WakeMove.Wait or WakeMove.Cancel or WakeMove.Accept or WakeMove.Leave or WakeMove.ReportMissed when token is not null:
                ApplyTo(token, action);
                break;
            default:
                break;
        }

        Expect(_hub.WaitingCount == _naive.Present.Count(one => one.IsWaiting), $"Count: {_hub.WaitingCount} wait after {action}.");
        Expect(_hub.RegisteredCount == _naive.Present.Count(), $"Count: {_hub.RegisteredCount} are registered after {action}.");
    }

    /// <summary>Runs everything that can run, then looks whether anybody waits without a reason.</summary>
    public void Settle()
    {
        while (Step())
        {
        }

        CheckQuiet();
    }

    /// <summary>Everyone leaves, and nothing may be left.</summary>
    public void Finish()
    {
        Settle();
        foreach (NaiveToken token in _naive.Present.ToArray())
        {
            _event++;
            Leave(token);
            Settle();
        }

        // A timer armed for a wait that ended before fires once, for nobody.
        Advance(TimeSpan.FromHours(1));
        Settle();
        Expect(_hub.WaitingCount == 0 && _hub.RegisteredCount == 0, $"Left: {_hub.WaitingCount} wait, {_hub.RegisteredCount} are registered.");
        Expect(_time.ArmedTimers == 0, $"Left: {_time.ArmedTimers} timers.");
        Expect(_naive.Tokens.All(token => !token.IsBusy), "Left: a caller still waits.");
        Expect(_scheduler.Escapes == 0, $"Determinism: {_scheduler.Escapes} tasks came from another thread.");
        Expect(_hub.MissedCount == _naive.Missed, $"Count: {_hub.MissedCount} missed.");
    }

    private void ApplyTo(NaiveToken token, WakeAction action)
    {
        switch (action.Move)
        {
            case WakeMove.Wait when !token.IsBusy:
                token.IsBusy = true;
                _scheduler.Start(() => WaitAsync(token, action.Choice % 5 == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(1 + (action.Choice % 60))));
                break;
            case WakeMove.Cancel when token.IsBusy:
                NaiveHub.Cancel(token);
                token.Leaves.Cancel();
                break;
            case WakeMove.Accept:
                Accept(token);
                break;
            case WakeMove.Leave:
                Leave(token);
                break;
            case WakeMove.ReportMissed when !token.IsBusy:
                Expect(token.Real.ReportMissed() == _naive.ReportMissed(token), $"Missed: {token} and the rules do not agree.");
                break;
            default:
                break;
        }
    }

    private void Register(int key)
    {
        NaiveToken token = _naive.Register(key);
        token.Real = _hub.Register(key);
        token.LookedAt = _event;
    }

    private async Task WaitAsync(NaiveToken token, TimeSpan atMost)
    {
        _event++;
        if (token.HasLeft)
        {
            token.IsBusy = false;
            return;
        }

        if (token.Leaves.IsCancellationRequested)
        {
            token.Leaves.Dispose();
            token.Leaves = new CancellationTokenSource();
        }

        _naive.Wait(token, atMost);
        NoteLooked(token);
        await HearAsync(token, atMost);
    }

    /// <summary>Notes what is heard in the step in which it is heard.</summary>
    private async Task HearAsync(NaiveToken token, TimeSpan atMost)
    {
        CancellationToken leaves = token.Leaves.Token;
        long start = _time.GetTimestamp();
        string heard;
        try
        {
            WakeReason reason = await _bug.WaitAsync(token.Real, atMost, leaves);
            Expect(reason != WakeReason.Due || _time.GetTimestamp() - start >= atMost.Ticks, $"Early: {token} was due before its time.");
            heard = reason.ToString();
        }
        catch (OperationCanceledException cancelled) when (cancelled.CancellationToken == leaves)
        {
            heard = "Cancelled";
        }
        catch (ObjectDisposedException)
        {
            heard = "Left";
        }

        token.LookedAt = ++_event;
        token.IsBusy = false;
        token.IsUnheard = false;
        Expect(heard == token.Expected, $"Rules: {token} heard {heard}, by the rules {token.Expected ?? "nothing yet"}.");
    }

    private void Wake(int key, WakeReason reason)
    {
        int reached = _naive.Wake(key, reason);
        NoteWoken(key, reason, reached);
        Expect(_hub.Wake(key, reason) == reached, $"Reached: a wake of key {key} for {reason} should reach {reached}.");
    }

    private void WakeAll(WakeReason reason)
    {
        int reached = 0;
        for (int key = 0; key < _schedule.Keys; key++)
        {
            int ofKey = _naive.Wake(key, reason);
            NoteWoken(key, reason, ofKey);
            reached += ofKey;
        }

        Expect(_hub.WakeAll(reason) == reached, $"Reached: a wake of all for {reason} should reach {reached}.");
    }

    private void Accept(NaiveToken token)
    {
        if (NaiveHub.Accept(token))
        {
            NoteLooked(token);
        }

        token.Real.Accept();
    }

    private void Leave(NaiveToken token)
    {
        _naive.Leave(token);
        _bug.Leave(token.Real);
    }

    private void Advance(TimeSpan time)
    {
        _naive.Advance(time);
        _time.Advance(time);
    }

    private void ChangeLink()
    {
        _isLinkUp = !_isLinkUp;
        _naive.SetLink(_isLinkUp);
        if (_isLinkUp)
        {
            _hub.ReportLinkRestored();
        }
        else
        {
            _hub.ReportLinkLost();
        }
    }

    private void Expect(bool holds, string violation)
    {
        if (!holds)
        {
            Failure ??= violation;
        }
    }
}
