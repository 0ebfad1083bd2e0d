namespace S3Proxy.Coalescing.Statistics;

/// <summary>What was counted up to a moment. Immutable.</summary>
public sealed record UsageSnapshot<TKey, TTenant>
    where TTenant : notnull
{
    /// <summary>Everything, since the start.</summary>
    public required Usage Total { get; init; }

    /// <summary>By tenant, since the start, in no order.</summary>
    public required IReadOnlyDictionary<TTenant, Usage> Tenants { get; init; }

    /// <summary>Tenants beyond the bound, together.</summary>
    public required Usage OtherTenants { get; init; }

    /// <summary>The hottest keys, hottest first.</summary>
    public required IReadOnlyList<HotKey<TKey>> HotKeys { get; init; }
}
