using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>
/// The place of each origin of each configuration that is still in use: a request finds the place of the configuration that it began with, whatever was reloaded since.
/// </summary>
/// <remarks>Thread-safe; looking takes no lock. A place is forgotten with the last that uses its configuration. It is filled when the host is built, because YARP makes the
/// places with transforms that need this table.</remarks>
internal sealed class OriginPlaces
{
    private readonly ConditionalWeakTable<OriginConfiguration, OriginPlace> _places = [];
    private volatile FrozenDictionary<string, OriginPlace> _current = FrozenDictionary<string, OriginPlace>.Empty;

    /// <summary>Where requests to an origin go.</summary>
    /// <exception cref="FetchException"><see cref="FetchFailure.Unreachable"/>: the origin is of no configuration that was applied.</exception>
    public OriginPlace Of(OriginConfiguration origin) => _places.TryGetValue(origin, out OriginPlace? place) ? place : Find(origin);

    /// <summary>Takes in what YARP has made of a configuration; from now on its origins have places.</summary>
    public void Add(ProxyConfiguration configuration, IProxyStateLookup clusters, IEnumerable<Endpoint> endpoints)
    {
        Dictionary<string, Endpoint> routes = new(StringComparer.Ordinal);
        foreach (Endpoint endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<RouteModel>() is { } route)
            {
                routes[route.Config.RouteId] = endpoint;
            }
        }

        Dictionary<string, OriginPlace> places = new(StringComparer.Ordinal);
        foreach (OriginConfiguration origin in configuration.Origins.Values)
        {
            string id = OriginClusters.IdOf(origin);
            places[id] = clusters.TryGetCluster(id, out ClusterState? cluster) && routes.TryGetValue(id, out Endpoint? endpoint)
                ? new OriginPlace(cluster, endpoint)
                : throw new InvalidOperationException($"YARP does not know origin {origin.Name}.");
            _places.AddOrUpdate(origin, places[id]);
        }

        _current = places.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private OriginPlace Find(OriginConfiguration origin)
    {
        if (!_current.TryGetValue(OriginClusters.IdOf(origin), out OriginPlace? place))
        {
            throw new FetchException(FetchFailure.Unreachable, $"Origin {origin.Name} is not configured any more.");
        }

        _places.AddOrUpdate(origin, place);
        return place;
    }
}
