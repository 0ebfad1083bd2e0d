using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>
/// Passive health of forwarded requests: one transport failure leaves the destination out for a while, as it does for shared reads. When all are left out,
/// all are asked again.
/// </summary>
internal sealed class TransportFailurePolicy(DestinationReports reports) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "TransportFailure";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.Features.Get<IForwarderErrorFeature>()?.Error is
            ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.ResponseHeaders or ForwarderError.ResponseBodyDestination)
        {
            reports.Failed(cluster, destination);
        }
    }
}
