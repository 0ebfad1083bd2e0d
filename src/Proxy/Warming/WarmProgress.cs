namespace S3Proxy.Warming;

/// <summary>How far a warm-up has come. Immutable.</summary>
internal sealed record WarmProgress
{
    public required WarmState State { get; init; }

    /// <summary>Objects found so far; all of them once <see cref="IsListed"/>.</summary>
    public required long Found { get; init; }

    /// <summary>True when nothing more will be found.</summary>
    public required bool IsListed { get; init; }

    /// <summary>Objects that are in memory now because of this job.</summary>
    public required long Loaded { get; init; }

    /// <summary>Objects that were in memory already.</summary>
    public required long WereHere { get; init; }

    /// <summary>Objects that could not be loaded.</summary>
    public required long Failed { get; init; }

    /// <summary>Bytes that have come.</summary>
    public required long LoadedBytes { get; init; }

    /// <summary>Bytes of all objects found, as far as the listing told; null for a list of keys.</summary>
    public required long? FoundBytes { get; init; }

    /// <summary>Why it ended, where that is not because all is done; null otherwise.</summary>
    public required string? Message { get; init; }

    /// <summary>The first objects that could not be loaded.</summary>
    public required IReadOnlyList<WarmFailure> Failures { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }
}
