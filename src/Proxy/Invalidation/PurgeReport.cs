namespace S3Proxy.Invalidation;

/// <summary>What became of a purge. Immutable.</summary>
/// <param name="Count">What was dropped from memory; an object counts once for each replica that knew it.</param>
/// <param name="Acknowledged">Replicas that have carried it out, this one included; empty without a fleet.</param>
/// <param name="Silent">Replicas that did not answer: they trust nothing they remember until they have joined again, and drop then what was purged.</param>
/// <param name="IsPending">True when Redis cannot be told yet: this replica has forgotten, the others are told when Redis is back.</param>
internal sealed record PurgeReport(PurgeCount Count, IReadOnlyList<string> Acknowledged, IReadOnlyList<string> Silent, bool IsPending)
{
    /// <summary>Of this purge and another one together. Who did not answer to one of them has not acknowledged.</summary>
    public PurgeReport And(PurgeReport other)
    {
        string[] silent = [.. Silent.Union(other.Silent, StringComparer.Ordinal)];
        PurgeCount count = new(Count.Objects + other.Count.Objects, Count.Slices + other.Count.Slices);
        return new PurgeReport(count, [.. Acknowledged.Union(other.Acknowledged, StringComparer.Ordinal).Except(silent, StringComparer.Ordinal)], silent, IsPending || other.IsPending);
    }
}
