namespace S3Proxy.Demo.Transfers;

/// <summary>Which way bytes go, and from where.</summary>
internal enum TransferKind
{
    /// <summary>To the origin.</summary>
    Upload,

    /// <summary>From the origin: nobody asked for the object before.</summary>
    ColdDownload,

    /// <summary>From the proxy's memory.</summary>
    HotDownload,
}
