using System.Collections.Concurrent;
using Yarp.ReverseProxy.Configuration;

namespace S3Proxy.Origin;

/// <summary>Tells when YARP has taken over the routes and clusters it was given. Thread-safe.</summary>
internal sealed class AppliedRoutes : IConfigChangeListener
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);

    /// <summary>Ends when the revision is in use, or fails with the reason why it is not. To be called before YARP is given it.</summary>
    public Task WhenApplied(string revision) =>
        _awaited.GetOrAdd(revision, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => FailAll(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => FailAll(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        foreach (IProxyConfig applied in proxyConfigs)
        {
            if (_awaited.TryRemove(applied.RevisionId, out TaskCompletionSource? waiter))
            {
                waiter.TrySetResult();
            }
        }
    }

    private void FailAll(Exception reason)
    {
        foreach (string revision in _awaited.Keys)
        {
            if (_awaited.TryRemove(revision, out TaskCompletionSource? waiter))
            {
                waiter.TrySetException(reason);
            }
        }
    }
}
