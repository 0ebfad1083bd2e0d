namespace S3Proxy.Fleet;

/// <summary>Since when, and until when, a replica is sure to hear. Read on every hit.</summary>
/// <remarks>
/// One writer at a time, any number of readers without a lock. A reader takes the end first and then the beginning, a writer changes them the other way round:
/// so nobody combines a later end with the beginning of before the gap between them.
/// </remarks>
internal sealed class HearingState(TimeProvider timeProvider)
{
    private const long Never = long.MinValue;

    private long _since = long.MaxValue;
    private long _until = Never;

    /// <summary>True at this moment.</summary>
    public bool IsHearing => timeProvider.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>When what is heard without a gap began, as a timestamp; of no meaning while nothing is heard.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>True when everything since <paramref name="committedAt"/> was heard.</summary>
    public bool Covers(long committedAt)
    {
        long until = Volatile.Read(ref _until);
        return committedAt >= Volatile.Read(ref _since) && timeProvider.GetTimestamp() < until;
    }

    /// <summary>Hearing begins, for what is learnt from <paramref name="since"/> on, and lasts until <paramref name="until"/>.</summary>
    public void Begin(long since, long until)
    {
        Volatile.Write(ref _since, since);
        Volatile.Write(ref _until, until);
    }

    /// <summary>It lasts longer. False, and nothing is changed, when it has ended meanwhile.</summary>
    public bool TryExtend(long until)
    {
        long known = Volatile.Read(ref _until);
        return timeProvider.GetTimestamp() < known && Interlocked.CompareExchange(ref _until, Math.Max(until, known), known) == known;
    }

    /// <summary>It ends now; false when it had ended.</summary>
    public bool End() => Interlocked.Exchange(ref _until, Never) != Never;
}
