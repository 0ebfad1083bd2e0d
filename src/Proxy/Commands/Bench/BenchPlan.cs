using S3Proxy.Origin.Signing;

namespace S3Proxy.Commands.Bench;

/// <summary>What is to be measured. Immutable.</summary>
internal sealed record BenchPlan
{
    /// <summary>Read in turn; at least one.</summary>
    public required IReadOnlyList<BenchTarget> Targets { get; init; }

    /// <summary>Reads at a time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Reads in all; null for as many as <see cref="Duration"/> has room for.</summary>
    public int? Requests { get; init; }

    /// <summary>After this no read begins; those that run are finished.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Bound on one read.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Null for reads without a signature.</summary>
    public SigningCredentials? Credentials { get; init; }

    /// <summary>Region of the signature.</summary>
    public required string Region { get; init; }
}
