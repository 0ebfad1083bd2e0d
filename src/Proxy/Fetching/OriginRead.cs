namespace S3Proxy.Fetching;

/// <summary>One read the proxy makes for itself at the origin.</summary>
internal sealed record OriginRead
{
    public required ObjectTarget Target { get; init; }

    /// <summary>Whose turn this request takes at the origin.</summary>
    public required Requester Requester { get; init; }

    /// <summary>GET or HEAD.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>Value of <c>Range</c>, or null for the whole object.</summary>
    public string? Range { get; init; }

    /// <summary>ETag for <c>If-Match</c>, with quotes.</summary>
    public string? IfMatch { get; init; }

    /// <summary>ETag for <c>If-None-Match</c>, with quotes.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Endpoint to ask first, as the load balancing of the request that caused this read chose it; null for any.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Pins the read to a version.</summary>
    public string? VersionId { get; init; }

    /// <summary>
    /// Set for a listing of the object's bucket, which the key is no part of: its query, in canonical form. Null for a read of the object.
    /// </summary>
    public string? ListQuery { get; init; }

    /// <summary>Gives the read as it is when its turn comes: a run that waited may have grown. Called through <see cref="AsSent"/>, perhaps more than once.</summary>
    public Func<OriginRead, OriginRead>? Sealing { get; init; }

    /// <summary>The read to send. To be called when its turn has come and nothing is waited for any more; from then on it does not change.</summary>
    public OriginRead AsSent() => Sealing?.Invoke(this) ?? this;
}
