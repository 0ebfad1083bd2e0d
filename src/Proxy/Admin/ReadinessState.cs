namespace S3Proxy.Admin;

/// <summary>Whether new requests should be sent here: from when the listeners are up until the process is asked to end (requirement R2).</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReadinessState(IHostApplicationLifetime lifetime)
{
    private volatile bool _isDraining;

    public bool IsReady => !IsStopping && lifetime.ApplicationStarted.IsCancellationRequested;

    /// <summary>True from the first sign of shutdown, while requests that run are still served.</summary>
    public bool IsStopping => _isDraining || lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Refuses readiness, while connections are still accepted and served.</summary>
    public void BeginDrain() => _isDraining = true;
}
