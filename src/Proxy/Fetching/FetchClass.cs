namespace S3Proxy.Fetching;

/// <summary>How urgent an origin request is; the lower class waits while a higher one wants a slot (requirement B5).</summary>
internal enum FetchClass
{
    /// <summary>A client waits for its first byte or its next one.</summary>
    Demand,

    /// <summary>Bytes a reader will probably want soon.</summary>
    ReadAhead,

    /// <summary>Something known is renewed before anybody has to wait for it. May be dropped.</summary>
    Refresh,
}
