using System.Net;
using S3Proxy.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace S3Proxy.Origin;

/// <summary>Makes YARP's routes and clusters from our configuration: one cluster an origin, one destination an endpoint.</summary>
internal static class OriginClusters
{
    /// <summary>Path under which the pipeline finds the route of an origin. Never seen outside the process.</summary>
    public static PathString RoutePath(string origin) => new("/" + origin);

    public static IReadOnlyList<RouteConfig> Routes(ProxyConfiguration configuration) =>
        [.. configuration.Origins.Values.Select(origin => new RouteConfig
        {
            RouteId = origin.Name,
            ClusterId = origin.Name,
            Match = new RouteMatch { Path = RoutePath(origin.Name).Value },
        })];

    public static IReadOnlyList<ClusterConfig> Clusters(ProxyConfiguration configuration) =>
        [.. configuration.Origins.Values.Select(ClusterOf)];

    private static ClusterConfig ClusterOf(OriginConfiguration origin) => new()
    {
        ClusterId = origin.Name,
        // Turns, not load: requests that wait for a shared fetch count as load of the destination chosen for them, though they put none on it.
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        Destinations = origin.Endpoints.ToDictionary(
            endpoint => endpoint.GetLeftPart(UriPartial.Authority),
            endpoint => new DestinationConfig { Address = endpoint.GetLeftPart(UriPartial.Authority) + "/" }),
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = TransportFailurePolicy.PolicyName,
                ReactivationPeriod = DestinationReports.LeftOutFor,
            },
        },
        HttpRequest = new ForwarderRequestConfig
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = origin.Timeouts.FirstByte + origin.Timeouts.NoProgress,
        },
    };
}
