namespace S3Proxy.Fetching;

/// <summary>Who brings the bytes of a run (<see cref="IFleet"/>). Immutable.</summary>
internal abstract record RunClaim
{
    private RunClaim()
    {
    }

    /// <summary>They are kept by Redis, or another replica is bringing them.</summary>
    /// <param name="Transfer">To be disposed of by the caller.</param>
    internal sealed record Shared(ISharedTransfer Transfer) : RunClaim;

    /// <summary>The caller, for all replicas.</summary>
    internal sealed record Granted(IRunLease Lease) : RunClaim;

    /// <summary>The caller, for itself alone.</summary>
    internal sealed record Alone : RunClaim
    {
        public static Alone Instance { get; } = new();
    }
}
