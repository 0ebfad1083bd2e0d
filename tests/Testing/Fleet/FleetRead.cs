using S3Proxy.Testing.Integrity;

namespace S3Proxy.Testing.Fleet;

/// <summary>What one read came to. Immutable.</summary>
public sealed record FleetRead
{
    /// <summary>0 when no answer came.</summary>
    public int Status { get; init; }

    /// <summary><c>x-cache</c> of the answer.</summary>
    public string Cache { get; init; } = "";

    /// <summary>The version that the answer's own metadata names (<see cref="FleetClient.VersionHeader"/>); null where it names none.</summary>
    public long? Version { get; init; }

    /// <summary>From the request to the first byte of the body; of the whole read when there was none.</summary>
    public TimeSpan FirstByte { get; init; }

    /// <summary>What the body was, compared byte by byte.</summary>
    public BodyCheckResult Body { get; init; }

    /// <summary>Why the read is not a whole and right answer, for people; null when it is.</summary>
    public string? Failure { get; init; }

    /// <summary>A byte came that was not the object's: worse than any failure.</summary>
    public bool IsWrong => !Body.IsPrefix;
}
