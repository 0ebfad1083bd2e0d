namespace S3Proxy.SoakTests.Checking;

/// <summary>One read as it was planned. Immutable.</summary>
internal sealed record SoakRead
{
    /// <summary>HEAD instead of GET.</summary>
    public bool HeadersOnly { get; init; }

    /// <summary>Null for the whole object.</summary>
    public WantedRange? Range { get; init; }

    /// <summary>Quoted ETag; null for none.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Quoted ETag; null for none.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Waits between pieces of the body until others have got on.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Leaves when this many body bytes have come; null to stay to the end.</summary>
    public long? LeaveAfterBytes { get; init; }

    public override string ToString() =>
        $"{(HeadersOnly ? "HEAD" : "GET")} range={Range?.Header ?? "-"} if-none-match={IfNoneMatch ?? "-"} if-match={IfMatch ?? "-"}{(IsSlow ? " slow" : "")}";
}
