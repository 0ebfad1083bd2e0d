namespace S3Proxy.Fetching;

/// <summary>A shared fetch failed for a reason that is expected and counted.</summary>
internal sealed class FetchException(FetchFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public FetchFailure Failure { get; } = failure;
}
