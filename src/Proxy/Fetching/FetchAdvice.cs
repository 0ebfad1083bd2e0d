namespace S3Proxy.Fetching;

/// <summary>What whoever operates the proxy does about a failure; the one table from failures to advice, for the log. docs/troubleshooting.md tells more.</summary>
internal static class FetchAdvice
{
    /// <summary>A sentence or two.</summary>
    public static string For(FetchFailure failure) => failure switch
    {
        FetchFailure.Unreachable => "Check that the origin runs at that address, and what is between: DNS, network policy, firewall, certificate.",
        FetchFailure.TimedOut => "Look at the origin's load; if it is that slow, raise origins.*.timeouts.",
        FetchFailure.Broken => "Look at the origin's log, and at what is between that ends connections.",
        FetchFailure.InvalidAnswer => "Ask the origin directly and compare; something between may change its answers.",
        FetchFailure.Corrupt => "Nothing of it was used. Ask the origin directly and compare; origins.*.verifyETag: never is for one that makes ETags up.",
        FetchFailure.Changed => "Nothing is to be done unless it goes on: the object was written while it was read.",
        FetchFailure.OutOfMemory => "Raise cache.memory.size, or send fewer reads at once.",
        FetchFailure.Crowded => "Raise origins.*.concurrency.max if the origin can take more.",
        FetchFailure.NoCredentials => "Set origins.*.credentials, or give the proxy what the AWS chain looks for: role, profile, variables.",
        FetchFailure.NotAsSigned => "Nothing is to be done unless it goes on: the object changed, and the client's signature is good for what it was.",
        FetchFailure.Contended => "Nothing is to be done unless it goes on; then raise cache.memory.size, because slices leave memory before they are read.",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "No advice is written for this failure."),
    };
}
