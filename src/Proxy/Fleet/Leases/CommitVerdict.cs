namespace S3Proxy.Fleet.Leases;

/// <summary>What became of a commit.</summary>
internal enum CommitVerdict
{
    /// <summary>Taken in.</summary>
    Done,

    /// <summary>Refused: the object was invalidated since the lease was given, or Redis has forgotten it.</summary>
    Invalidated,

    /// <summary>Refused: a write is under way, or one may yet be committed.</summary>
    Uncertain,

    /// <summary>Refused: something fetched later is there.</summary>
    Overtaken,
}
