namespace S3Proxy.Testing.Origin;

/// <summary>
/// What a fault does to a request. Several may be combined; they act in the order of a request's life, which is the order below. Immutable.
/// </summary>
public sealed record FaultEffects
{
    /// <summary>Waits before the request is looked at: a write has not happened, a read will see later writes.</summary>
    public OriginGate? HoldOnArrival { get; init; }

    /// <summary>Cuts the connection before the request is looked at.</summary>
    public bool CutOnArrival { get; init; }

    /// <summary>
    /// Answers this status instead of doing anything: from 400 on with the S3 error that belongs to it, from 200 to 299 with an empty body, in the place of operations
    /// that the origin does not have.
    /// </summary>
    public int? Status { get; init; }

    /// <summary>Answers 200 and the whole object to a ranged request.</summary>
    public bool IgnoreRange { get; init; }

    /// <summary>Does not look at If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since.</summary>
    public bool IgnoreConditions { get; init; }

    /// <summary>Replaces the ETag field; empty removes it.</summary>
    public string? ETag { get; init; }

    /// <summary>Turns the ETag field into a weak one.</summary>
    public bool WeakETag { get; init; }

    /// <summary>Replaces the Content-Range field; empty removes it.</summary>
    public string? ContentRange { get; init; }

    /// <summary>Further response header fields; they replace those of the same name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Waits before the headers; the operation is done, so a read has already chosen its version.</summary>
    public OriginGate? HoldBeforeHeaders { get; init; }

    /// <summary>Waits this long before the headers, in addition to the origin's own <see cref="EmbeddedOrigin.FirstByteDelay"/>.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>Cuts the connection when the operation is done and before its headers: the client cannot know the outcome.</summary>
    public bool CutBeforeHeaders { get; init; }

    /// <summary>Sends the headers, then waits before the body.</summary>
    public OriginGate? HoldBeforeBody { get; init; }

    /// <summary>Sends part of the body, then waits.</summary>
    public BodyHold? HoldInBody { get; init; }

    /// <summary>Paces the body, in bytes per second of this connection; replaces <see cref="EmbeddedOrigin.BytesPerSecond"/>.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Inverts the byte at this position of the body.</summary>
    public long? CorruptByteAt { get; init; }

    /// <summary>Cuts the connection after this many body bytes; they do reach the client.</summary>
    public long? CutAfterBodyBytes { get; init; }

    /// <summary>How the connection is cut. Default a reset.</summary>
    public CutKind CutKind { get; init; }

    /// <summary>Sends the body chunked, without Content-Length.</summary>
    public bool OmitContentLength { get; init; }

    /// <summary>Ends the body cleanly after this many bytes, chunked and without Content-Length: only the expected size can tell.</summary>
    public long? EndAfterBodyBytes { get; init; }

    /// <summary>Nothing out of order.</summary>
    internal static FaultEffects None { get; } = new();

    /// <summary>These effects and those of <paramref name="other"/>, which wins where both set the same.</summary>
    internal FaultEffects And(FaultEffects other) => new()
    {
        HoldOnArrival = other.HoldOnArrival ?? HoldOnArrival,
        CutOnArrival = other.CutOnArrival || CutOnArrival,
        Status = other.Status ?? Status,
        IgnoreRange = other.IgnoreRange || IgnoreRange,
        IgnoreConditions = other.IgnoreConditions || IgnoreConditions,
        ETag = other.ETag ?? ETag,
        WeakETag = other.WeakETag || WeakETag,
        ContentRange = other.ContentRange ?? ContentRange,
        Headers = other.Headers.Count == 0 ? Headers : Merge(Headers, other.Headers),
        HoldBeforeHeaders = other.HoldBeforeHeaders ?? HoldBeforeHeaders,
        FirstByteDelay = other.FirstByteDelay > TimeSpan.Zero ? other.FirstByteDelay : FirstByteDelay,
        CutBeforeHeaders = other.CutBeforeHeaders || CutBeforeHeaders,
        HoldBeforeBody = other.HoldBeforeBody ?? HoldBeforeBody,
        HoldInBody = other.HoldInBody ?? HoldInBody,
        BytesPerSecond = other.BytesPerSecond ?? BytesPerSecond,
        CorruptByteAt = other.CorruptByteAt ?? CorruptByteAt,
        CutAfterBodyBytes = other.CutAfterBodyBytes ?? CutAfterBodyBytes,
        CutKind = other.CutAfterBodyBytes is not null || other.CutOnArrival || other.CutBeforeHeaders ? other.CutKind : CutKind,
        OmitContentLength = other.OmitContentLength || OmitContentLength,
        EndAfterBodyBytes = other.EndAfterBodyBytes ?? EndAfterBodyBytes,
    };

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        Dictionary<string, string> merged = new(first, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in second)
        {
            merged[name] = value;
        }

        return merged;
    }
}
