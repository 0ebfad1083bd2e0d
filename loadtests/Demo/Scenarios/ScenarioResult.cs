using S3Proxy.Demo.Measuring;

namespace S3Proxy.Demo.Scenarios;

/// <summary>What a scenario came to, at the clients and at the origin.</summary>
internal sealed record ScenarioResult
{
    public required IScenario Scenario { get; init; }

    public required ReadSummary Reads { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required long OriginGets { get; init; }

    /// <summary>Of every kind, the GETs included.</summary>
    public required long OriginRequests { get; init; }

    /// <summary>Body bytes the origin sent.</summary>
    public required long OriginBytes { get; init; }

    /// <summary>Resident memory of the proxy at the end; null where it cannot be told.</summary>
    public required long? ProxyMemoryBytes { get; init; }

    /// <summary>What is not as it must be, for people; empty when all is well.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            List<string> faults = [];
            if (Reads.Wrong > 0)
            {
                faults.Add($"{Reads.Wrong} answers with wrong bytes");
            }

            if (Reads.Failed > 0)
            {
                faults.Add($"{Reads.Failed} reads failed, the first with: {Reads.FirstFailure}");
            }

            if (OriginGets > Scenario.MaxOriginGets)
            {
                faults.Add($"{OriginGets} origin GETs where {Scenario.MaxOriginGets} are enough");
            }

            return faults;
        }
    }
}
