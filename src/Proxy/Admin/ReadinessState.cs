namespace S3Proxy.Admin;

/// <summary>Whether traffic should come here: from the moment the process listens until it begins to stop. Thread-safe.</summary>
internal sealed class ReadinessState(IHostApplicationLifetime lifetime)
{
    public bool IsReady => lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
}
