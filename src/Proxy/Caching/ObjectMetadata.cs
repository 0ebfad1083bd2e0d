namespace S3Proxy.Caching;

/// <summary>
/// What is known of an object at a moment: its version, its headers and what the origin said about their use. How fresh it is judges each reader by its own rule
/// (<see cref="Freshness"/>). Immutable; a revalidation makes a new one. A response reads it once and stays with it.
/// </summary>
internal sealed record ObjectMetadata
{
    public required ObjectVersion Version { get; init; }

    /// <summary>Headers to repeat to clients, as the origin gave them; no hop-by-hop, length, range, date or request-id headers, no checksums.</summary>
    public required HeaderField[] Headers { get; init; }

    /// <summary>The <c>x-amz-checksum-*</c> headers of the whole object; told only to readers of the whole object who ask.</summary>
    public required HeaderField[] Checksums { get; init; }

    /// <summary>False when the answer this was made from could not tell the checksums (a ranged GET).</summary>
    public required bool KnowsChecksums { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Timestamp of the time provider when the origin was asked; it was sent the request then or later.</summary>
    public required long AskedAt { get; init; }

    /// <summary>Timestamp of the time provider when this was taken into the memory tier; zero before.</summary>
    public long CommittedAt { get; init; }

    /// <summary>What the origin said about its use; heeded by readers whose rule honours the origin.</summary>
    public CacheDirectives Directives { get; init; } = CacheDirectives.None;

    /// <summary>
    /// True after a write whose outcome is unknown: the origin may still commit it, so every read asks and nobody is served this stale.
    /// </summary>
    public bool IsSuspect { get; init; }

    public long SizeBytes => Version.SizeBytes;

    /// <summary>
    /// True when this was learnt in part after <paramref name="askedAt"/>: of this and an answer to a request begun then nobody knows which is the later state.
    /// </summary>
    public bool OverlapsWith(long askedAt) => AskedAt > askedAt || CommittedAt > askedAt;

    /// <summary>True when both tell of the same state of the object, as far as can be seen.</summary>
    public bool AgreesWith(ObjectMetadata other) => Version.Equals(other.Version) && LastModified == other.LastModified;

    /// <summary>True when both are what was learnt of the object at one time: nothing was renewed in between.</summary>
    public bool IsSameAs(ObjectMetadata other) => AskedAt == other.AskedAt && CommittedAt == other.CommittedAt && Version.Equals(other.Version);
}
