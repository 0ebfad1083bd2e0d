namespace S3Proxy.Telemetry.AccessLogs;

/// <summary>Lets the access log's file be moved away under it.</summary>
internal interface IAccessLogReopen
{
    /// <summary>Has the next line go to a file opened anew by its path. Any thread; waits for nothing.</summary>
    void Reopen();
}
