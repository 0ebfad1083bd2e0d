using S3Proxy.Coalescing.Waking;

namespace S3Proxy.ModelTests.Waking;

/// <summary>The rules of the hub in their plainest form: one list, searched from its beginning each time.</summary>
internal sealed class NaiveHub(FallbackOptions options)
{
    private readonly List<NaiveToken> _tokens = [];

    public IReadOnlyList<NaiveToken> Tokens => _tokens;

    public IEnumerable<NaiveToken> Present => _tokens.Where(token => !token.HasLeft);

    public FallbackSchedule Schedule { get; private set; } = new(options);

    public long NowTicks { get; private set; }

    public int Missed { get; private set; }

    public NaiveToken Register(int key)
    {
        NaiveToken token = new(_tokens.Count, key);
        _tokens.Add(token);
        return token;
    }

    public void Wait(NaiveToken token, TimeSpan atMost)
    {
        token.Expected = null;
        token.Owed = null;
        token.HasAccepted = false;
        if (token.WasDue)
        {
            token.WasDue = false;
            Schedule = Schedule.CleanCheck();
        }

        if ((token.Remembered ?? token.RememberedAsHeir) is { } remembered)
        {
            token.Owed = token.RememberedAsHeir;
            token.Remembered = null;
            token.RememberedAsHeir = null;
            token.Expected = remembered.ToString();
            return;
        }

        token.IsWaiting = true;
        token.IsUnheard = true;
        token.DueAt = atMost == Timeout.InfiniteTimeSpan ? null : NowTicks + atMost.Ticks;
        token.DueReason = WakeReason.Due;
    }

    public int Wake(int key, WakeReason reason)
    {
        NaiveToken[] present = [.. Present.Where(token => token.Key == key)];
        if (present.Length == 0)
        {
            return 0;
        }

        if (reason is WakeReason.LeaderFailed or WakeReason.LeaseExpired)
        {
            WakeHeir(present, reason);
            return 1;
        }

        foreach (NaiveToken token in present)
        {
            token.Owed = null;
            token.RememberedAsHeir = null;
            if (token.IsWaiting)
            {
                End(token, reason.ToString());
            }
            else
            {
                WakeReason[] both = [reason, token.Remembered ?? reason];
                token.Remembered = both.Contains(WakeReason.Invalidated) ? WakeReason.Invalidated : both.Contains(WakeReason.Completed) ? WakeReason.Completed : reason;
            }
        }

        return present.Length;
    }

    /// <summary>False when the caller has not heard yet how its wait ended, and cannot have looked since.</summary>
    public static bool Accept(NaiveToken token)
    {
        if (token.IsUnheard)
        {
            return false;
        }

        token.Owed = null;
        token.HasAccepted = true;
        return true;
    }

    public static void Cancel(NaiveToken token)
    {
        if (token.IsWaiting)
        {
            End(token, "Cancelled");
        }
    }

    public void Leave(NaiveToken token)
    {
        token.HasLeft = true;
        if (token.IsWaiting)
        {
            End(token, "Left");
        }

        if ((token.Owed ?? token.RememberedAsHeir) is { } heirless)
        {
            Wake(token.Key, heirless);
        }
    }

    public void Advance(TimeSpan time)
    {
        NowTicks += time.Ticks;
        foreach (NaiveToken token in Present.Where(token => token.IsWaiting && token.DueAt <= NowTicks))
        {
            token.WasDue = token.DueReason == WakeReason.Due;
            End(token, token.DueReason.ToString());
        }
    }

    public void SetLink(bool isUp) => Change(isUp ? Schedule.LinkRestored(TimeSpan.FromTicks(NowTicks)) : Schedule.LinkLost());

    public bool ReportMissed(NaiveToken token)
    {
        if (!token.WasDue || token.Remembered is not null || token.RememberedAsHeir is not null)
        {
            return false;
        }

        token.WasDue = false;
        Missed++;
        Change(Schedule.Missed(TimeSpan.FromTicks(NowTicks)));
        return true;
    }

    private static void WakeHeir(NaiveToken[] present, WakeReason reason)
    {
        NaiveToken heir = Array.Find(present, token => token.IsWaiting) ?? Array.Find(present, token => !token.HasAccepted) ?? present[0];
        if (heir.IsWaiting)
        {
            heir.Owed = reason;
            End(heir, reason.ToString());
        }
        else
        {
            heir.RememberedAsHeir = reason;
        }
    }

    private static void End(NaiveToken token, string how)
    {
        token.IsWaiting = false;
        token.Expected = how;
    }

    private void Change(FallbackSchedule schedule)
    {
        TimeSpan now = TimeSpan.FromTicks(NowTicks);
        bool begins = !Schedule.IsDegraded(now) && schedule.IsDegraded(now);
        Schedule = schedule;
        long latest = NowTicks + options.Interval.Ticks;
        foreach (NaiveToken token in Present.Where(token => begins && token.IsWaiting && (token.DueAt is null || token.DueAt > latest)))
        {
            token.DueAt = latest;
            token.DueReason = WakeReason.HeardAgain;
        }
    }
}
