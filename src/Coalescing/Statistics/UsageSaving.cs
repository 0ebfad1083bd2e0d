namespace S3Proxy.Coalescing.Statistics;

/// <summary>What a request did not cost.</summary>
public enum UsageSaving
{
    /// <summary>Everything was asked for and fetched for it.</summary>
    None,

    /// <summary>Something was asked, but its bytes were not fetched.</summary>
    Bytes,

    /// <summary>Nothing was asked nor fetched.</summary>
    RequestAndBytes,
}
