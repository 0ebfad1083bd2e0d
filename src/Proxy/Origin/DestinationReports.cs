using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>
/// Tells YARP how destinations fare. Its passive health check sees only what its own forwarder sends; shared reads report here themselves.
/// </summary>
internal sealed class DestinationReports(IDestinationHealthUpdater health)
{
    /// <summary>How long a destination that failed is left out, as long as another one is there.</summary>
    public static readonly TimeSpan LeftOutFor = TimeSpan.FromSeconds(10);

    /// <summary>The destination could not be reached, did not answer in time, or broke a transfer off.</summary>
    public void Failed(ClusterState cluster, DestinationState destination) =>
        health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, LeftOutFor);
}
