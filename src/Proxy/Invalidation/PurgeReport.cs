namespace S3Proxy.Invalidation;

/// <summary>What became of a purge. Immutable.</summary>
/// <param name="Count">What was dropped from memory; an object counts once for each replica that knew it.</param>
/// <param name="Acknowledged">Replicas that have carried it out, this one included; empty without a fleet.</param>
/// <param name="Silent">Replicas that did not answer: they trust nothing they remember until they have joined again, and drop then what was purged.</param>
/// <param name="IsPending">True when Redis cannot be told yet: this replica has forgotten, the others are told when Redis is back.</param>
internal sealed record PurgeReport(PurgeCount Count, IReadOnlyList<string> Acknowledged, IReadOnlyList<string> Silent, bool IsPending);
