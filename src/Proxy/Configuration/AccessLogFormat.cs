namespace S3Proxy.Configuration;

/// <summary>Form of the access log.</summary>
internal enum AccessLogFormat
{
    /// <summary>None is written.</summary>
    Off,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>The combined log format of web servers.</summary>
    Common,
}
