namespace S3Proxy.Fetching;

/// <summary>A shared fetch failed for a reason that is expected and counted.</summary>
internal sealed class FetchException(FetchFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public FetchFailure Failure { get; } = failure;

    /// <summary>True when the fetch has logged it, once for all who share it: a reader adds nothing that whoever operates the proxy must see.</summary>
    public bool IsTold { get; private init; }

    /// <summary>The end of a flight that failed, as one of its readers meets it.</summary>
    /// <param name="message">What has failed for this reader.</param>
    /// <param name="error">The flight's error, which its fetch has logged; <see cref="FetchFailure.Broken"/> where it is none that is expected.</param>
    public static FetchException OfFlight(string message, Exception? error) => new((error as FetchException)?.Failure ?? FetchFailure.Broken, message, error) { IsTold = true };
}
