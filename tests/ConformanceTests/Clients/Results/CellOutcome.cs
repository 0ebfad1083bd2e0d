namespace S3Proxy.ConformanceTests.Clients.Results;

/// <summary>What a client made of an operation.</summary>
internal enum CellOutcome
{
    /// <summary>Done, and every byte right.</summary>
    Ok,

    /// <summary>The client has no means for it, whatever the server.</summary>
    NotOffered,

    /// <summary>It failed or came out wrong.</summary>
    Failed,
}
