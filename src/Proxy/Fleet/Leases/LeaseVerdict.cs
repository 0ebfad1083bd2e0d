namespace S3Proxy.Fleet.Leases;

/// <summary>What a lookup came to.</summary>
internal enum LeaseVerdict
{
    /// <summary>A write is under way, or its outcome is unknown.</summary>
    Uncertain,

    /// <summary>Metadata is kept, young enough or fetched under the lease that was joined.</summary>
    Known,

    /// <summary>The lease is the asker's.</summary>
    Granted,

    /// <summary>The lease is another replica's.</summary>
    Held,

    /// <summary>What the origin told lately may not be shared.</summary>
    Alone,
}
