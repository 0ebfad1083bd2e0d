using S3Proxy.Demo.Peers.Client;
using S3Proxy.Reporting;

namespace S3Proxy.Demo.Peers.Results;

/// <summary>What the clients of one measurement saw.</summary>
internal sealed record Outcome
{
    /// <summary>Whole and right answers.</summary>
    public required long Answers { get; init; }

    public required double RequestsPerSecond { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }

    public double? FirstByteP50Milliseconds { get; init; }

    public double? FirstByteP99Milliseconds { get; init; }

    public required long Errors { get; init; }

    public long Wrong { get; init; }

    public string? FirstError { get; init; }

    /// <summary>Whether the share of answers without an origin request is what is measured.</summary>
    public bool TellsHitRatio { get; init; }

    /// <summary>Bytes of the different slices that were asked for; null where ranges are not what is measured.</summary>
    public long? SliceBytes { get; init; }

    public static Outcome Of(LoadResult result) => new()
    {
        Answers = result.Answers,
        RequestsPerSecond = result.PerSecond,
        P50Milliseconds = result.Quantile(0.5),
        P99Milliseconds = result.Quantile(0.99),
        FirstByteP50Milliseconds = Quantiles.Of(result.FirstByteMilliseconds, 0.5),
        FirstByteP99Milliseconds = Quantiles.Of(result.FirstByteMilliseconds, 0.99),
        Errors = result.Errors,
        Wrong = result.Wrong,
        FirstError = result.FirstError,
    };

    /// <summary>Of a measurement that came to no end.</summary>
    public static Outcome OfFailure(string reason) => new()
    {
        Answers = 0,
        RequestsPerSecond = 0,
        P50Milliseconds = 0,
        P99Milliseconds = 0,
        Errors = 1,
        FirstError = reason,
    };
}
