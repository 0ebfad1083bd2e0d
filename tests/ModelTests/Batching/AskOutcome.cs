namespace S3Proxy.ModelTests.Batching;

/// <summary>What a caller heard.</summary>
internal enum AskOutcome
{
    None,
    Result,
    Failure,
    Cancelled,
    Stopped,
    Refused,
}
