namespace S3Proxy.Fleet;

/// <summary>What replicas tell each other. The values are part of the wire format: one ASCII letter.</summary>
internal enum FleetMessageKind : byte
{
    /// <summary>Sent to oneself: who hears it hears everything sent before on the same connection.</summary>
    Ping = (byte)'P',

    /// <summary>Objects, or a scope, are not what they were; is acknowledged.</summary>
    Invalidate = (byte)'I',

    /// <summary>An invalidation has been carried out.</summary>
    Acknowledge = (byte)'A',

    /// <summary>Bytes that were given out for a version are not the version's.</summary>
    Corrupt = (byte)'C',

    /// <summary>The lease of an object has ended, one way or the other. Sent by scripts.</summary>
    Wake = (byte)'W',

    /// <summary>A follower wants slices of a run.</summary>
    Demand = (byte)'D',

    /// <summary>More of a slice is in Redis.</summary>
    Progress = (byte)'G',

    /// <summary>A run has ended; what is not in Redis will not come from it.</summary>
    RunEnded = (byte)'E',
}
