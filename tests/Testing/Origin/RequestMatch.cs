namespace S3Proxy.Testing.Origin;

/// <summary>Which requests a fault concerns. Absent parts match everything. Immutable.</summary>
public sealed record RequestMatch
{
    /// <summary>Every request.</summary>
    public static RequestMatch Any { get; } = new();

    /// <summary>Every GetObject.</summary>
    public static RequestMatch AnyGet { get; } = new() { Operation = OriginOperation.GetObject };

    public OriginOperation? Operation { get; init; }

    /// <summary>HTTP method in capitals.</summary>
    public string? Method { get; init; }

    public string? Bucket { get; init; }

    /// <summary>The decoded key.</summary>
    public string? Key { get; init; }

    /// <summary>Any further condition. Must be pure and quick.</summary>
    public Func<OriginRequest, bool>? Where { get; init; }

    /// <summary>How many matching requests are spared first. Default 0.</summary>
    public int Skip { get; init; }

    /// <summary>How many matching requests after those are concerned. Default all.</summary>
    public int Take { get; init; } = int.MaxValue;

    /// <summary>GetObject of <paramref name="key"/> in any bucket.</summary>
    public static RequestMatch Get(string key) => new() { Operation = OriginOperation.GetObject, Key = key };

    /// <summary>The n-th matching request only; 1 is the first.</summary>
    public RequestMatch Nth(int ordinal) => this with { Skip = ordinal - 1, Take = 1 };

    /// <summary>The first <paramref name="count"/> matching requests only.</summary>
    public RequestMatch First(int count) => this with { Skip = 0, Take = count };

    /// <summary>All parts but the ordinal.</summary>
    internal bool Describes(OriginRequest request) =>
        (Operation is null || Operation == request.Operation)
        && (Method is null || Method == request.Method)
        && (Bucket is null || Bucket == request.Bucket)
        && (Key is null || Key == request.Key)
        && (Where is null || Where(request));
}
