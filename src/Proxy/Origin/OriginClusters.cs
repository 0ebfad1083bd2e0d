using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using S3Proxy.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>Makes YARP's routes and clusters from our configuration: one cluster an origin, one destination an endpoint.</summary>
/// <remarks>
/// A cluster's id tells everything that it is made of, so that one whose origin changes is another cluster: requests that run keep theirs, with its endpoints and connections.
/// </remarks>
internal static class OriginClusters
{
    private const string ConnectTimeoutKey = "ConnectTimeout";
    private const int DigestBytes = 9;

    public static IReadOnlyList<RouteConfig> Routes(ProxyConfiguration configuration) =>
        [.. configuration.Origins.Values.Select(IdOf).Select(id => new RouteConfig
        {
            RouteId = id,
            ClusterId = id,
            // Never matched: the pipeline names the route's endpoint itself.
            Match = new RouteMatch { Path = "/" + id },
        })];

    public static IReadOnlyList<ClusterConfig> Clusters(ProxyConfiguration configuration) =>
        [.. configuration.Origins.Values.Select(ClusterOf)];

    /// <summary>Id of the cluster, and of the route, of an origin: its name, and a digest of what the cluster is made of.</summary>
    public static string IdOf(OriginConfiguration origin)
    {
        IEnumerable<string> parts =
        [
            origin.Identity, Text(origin.Timeouts.Connect), Text(ActivityTimeoutOf(origin)), .. origin.Endpoints.Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority)),
        ];
        return $"{origin.Name}@{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, DigestBytes))}";
    }

    /// <summary>Name of the origin of a cluster.</summary>
    public static string NameOf(ClusterState cluster) => cluster.ClusterId.Split('@')[0];

    /// <summary>Bound on connecting to the endpoints of the cluster with this metadata.</summary>
    public static TimeSpan ConnectTimeoutOf(IReadOnlyDictionary<string, string>? metadata) =>
        TimeSpan.FromTicks(long.Parse(metadata![ConnectTimeoutKey], NumberStyles.None, CultureInfo.InvariantCulture));

    private static TimeSpan ActivityTimeoutOf(OriginConfiguration origin) => origin.Timeouts.FirstByte + origin.Timeouts.NoProgress;

    private static string Text(TimeSpan time) => time.Ticks.ToString(CultureInfo.InvariantCulture);

    private static ClusterConfig ClusterOf(OriginConfiguration origin) => new()
    {
        ClusterId = IdOf(origin),
        Metadata = new Dictionary<string, string> { [ConnectTimeoutKey] = Text(origin.Timeouts.Connect) },
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
            ActivityTimeout = ActivityTimeoutOf(origin),
        },
    };
}
