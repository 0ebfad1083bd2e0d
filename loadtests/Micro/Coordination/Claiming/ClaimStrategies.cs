namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>What is compared for claims.</summary>
internal static class ClaimStrategies
{
    private const int Stripes = 64;

    /// <summary>Shown to be wrong, and expected to be.</summary>
    public const string Deferred = "batch-local merge";

    public const string Shipped = "shipped: RequestCoalescer";

    public static IReadOnlyList<(string Name, Func<IClaimStrategy> New)> All { get; } =
    [
        ("copy-out/copy-in, table a claim", () => new CopiedClaims()),
        ("one lock", () => new LockedClaims(1)),
        ("striped locks", () => new LockedClaims(Stripes)),
        ("reader-writer lock", () => new ReaderWriterClaims()),
        ("bounded actor", () => new ActorClaims()),
        (Deferred, () => new DeferredClaims()),
        (Shipped, () => new ShippedClaims()),
    ];
}
