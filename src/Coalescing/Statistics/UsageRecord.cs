namespace S3Proxy.Coalescing.Statistics;

/// <summary>One request as it is noted where it happens; what it means for totals is worked out later.</summary>
internal readonly record struct UsageRecord<TKey, TTenant>(TKey Key, TTenant Tenant, Usage Usage);
