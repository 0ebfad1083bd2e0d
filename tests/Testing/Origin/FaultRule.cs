namespace S3Proxy.Testing.Origin;

/// <summary>A fault in force. Disposing it removes it. Thread-safe.</summary>
public sealed class FaultRule : IDisposable
{
    private readonly OriginFaults _owner;
    private int _matched;
    private int _applied;

    internal FaultRule(OriginFaults owner, RequestMatch match, FaultEffects effects)
    {
        _owner = owner;
        Match = match;
        Effects = effects;
    }

    public RequestMatch Match { get; }

    public FaultEffects Effects { get; }

    /// <summary>How many requests matched, whether or not their turn was within Skip and Take.</summary>
    public int Matched => Volatile.Read(ref _matched);

    /// <summary>How many requests the effects were applied to.</summary>
    public int Applied => Volatile.Read(ref _applied);

    public void Dispose() => _owner.Remove(this);

    /// <summary>Counts the request and tells whether it is this rule's to spoil.</summary>
    internal bool Claims(OriginRequest request)
    {
        if (!Match.Describes(request))
        {
            return false;
        }

        int ordinal = Interlocked.Increment(ref _matched);
        if (ordinal <= Match.Skip || (long)ordinal > (long)Match.Skip + Match.Take)
        {
            return false;
        }

        Interlocked.Increment(ref _applied);
        return true;
    }
}
