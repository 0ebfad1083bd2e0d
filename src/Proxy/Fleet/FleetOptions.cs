namespace S3Proxy.Fleet;

/// <summary>How replicas keep track of one another. Immutable; the same for all replicas of a fleet.</summary>
internal sealed record FleetOptions
{
    /// <summary>How long a membership lasts without being renewed. Default 3 s. A writer waits at most about that long for a replica that has died.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often it is renewed.</summary>
    public TimeSpan Heartbeat => Lease / 3;

    /// <summary>By how much a replica's own lease ends before the one in Redis, and how much longer a writer waits for it: what clocks may differ in their pace.</summary>
    public TimeSpan Margin => Lease / 10;

    /// <summary>After that long without an acknowledgement a writer puts the replica out: its next renewal is refused, and what is left of its lease is waited for.</summary>
    public TimeSpan PutOutAfter => Lease / 3;

    /// <summary>How often an invalidation is repeated that was not acknowledged.</summary>
    public TimeSpan ResendInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the intent of a write counts without being renewed: as long as a write of unknown outcome, which is what it becomes when its writer dies.</summary>
    public TimeSpan IntentLife { get; init; } = Invalidation.WriteTracker.UnknownOutcomeLimit;

    /// <summary>Objects that are remembered one by one while Redis cannot be told of their writes; beyond, their buckets are.</summary>
    public int MaxJournalObjects { get; init; } = 4_096;
}
