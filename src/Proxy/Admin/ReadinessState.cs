namespace S3Proxy.Admin;

/// <summary>Whether new requests should be sent here: from when the listeners are up until the host begins to stop (requirement R2).</summary>
/// <remarks>Thread-safe; holds no state of its own beside the host's.</remarks>
internal sealed class ReadinessState(IHostApplicationLifetime lifetime)
{
    public bool IsReady => !IsStopping && lifetime.ApplicationStarted.IsCancellationRequested;

    /// <summary>True from the first sign of shutdown, while requests that run are still served.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;
}
