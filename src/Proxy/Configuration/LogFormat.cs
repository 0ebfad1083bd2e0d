namespace S3Proxy.Configuration;

/// <summary>Form of the log on standard error.</summary>
internal enum LogFormat
{
    /// <summary>One line a message.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
