namespace S3Proxy.Configuration;

/// <summary>How often a shared fetch is sent again.</summary>
internal sealed record OriginRetry
{
    /// <summary>How often one request is repeated after a 429 or a 5xx. Default 1.</summary>
    public int MaxRepeats { get; init; } = 1;

    /// <summary>Repeats of all kinds per request of an origin. Default 0.2.</summary>
    public double BudgetShare { get; init; } = 0.2;
}
