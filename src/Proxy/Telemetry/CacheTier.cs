namespace S3Proxy.Telemetry;

/// <summary>Where the first slice of a hit was; clients read it in <c>x-cache-tier</c>.</summary>
internal enum CacheTier : byte
{
    /// <summary>In this replica's memory.</summary>
    Memory,

    /// <summary>In Redis, which replicas share.</summary>
    Redis,
}
