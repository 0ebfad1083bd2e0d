namespace S3Proxy.Fetching;

/// <summary>How a background refresh ended.</summary>
internal enum RefreshResult
{
    /// <summary>The origin confirmed what was known.</summary>
    Renewed,

    /// <summary>The origin told other metadata.</summary>
    Changed,

    /// <summary>The origin answered something else than the object.</summary>
    Refused,

    /// <summary>The origin could not be asked, or the proxy shut down.</summary>
    Failed,

    /// <summary>It was not started: too many were under way.</summary>
    Dropped,
}
