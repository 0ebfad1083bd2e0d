namespace S3Proxy.Telemetry;

/// <summary>What was asked for, as coarse as metrics tell it.</summary>
internal enum OperationGroup : byte
{
    /// <summary>GetObject.</summary>
    Get,

    /// <summary>HeadObject.</summary>
    Head,

    /// <summary>PutObject, and uploads by a browser's form.</summary>
    Put,

    /// <summary>CopyObject.</summary>
    Copy,

    /// <summary>DeleteObject and DeleteObjects.</summary>
    Delete,

    /// <summary>Everything about uploads in parts.</summary>
    Multipart,

    /// <summary>Lists of buckets, objects and versions.</summary>
    List,

    /// <summary>Everything else, and requests that could not be understood.</summary>
    Other,
}
