using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>What YARP made of an origin. Stays of use to requests that run after the origin has changed or gone.</summary>
/// <param name="Cluster">Its endpoints, their health, and the connections to them.</param>
/// <param name="Endpoint">Where requests for it enter YARP.</param>
internal sealed record OriginPlace(ClusterState Cluster, Endpoint Endpoint);
