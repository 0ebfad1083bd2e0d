namespace S3Proxy.Limiting;

/// <summary>What is limited.</summary>
internal enum LimitKind : byte
{
    /// <summary>Requests in a time.</summary>
    Rate,

    /// <summary>Requests that run at the same time.</summary>
    Concurrency,
}
