namespace S3Proxy.Forwarding.Uploads;

/// <summary>How far a line has come.</summary>
internal enum LineState
{
    /// <summary>Its end has not come yet.</summary>
    Partial,

    /// <summary>It is there.</summary>
    Whole,

    /// <summary>It is longer than the bound or does not end in CR LF.</summary>
    Broken,
}
