using System.Globalization;
using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace S3Proxy.Origin;

/// <summary>Has YARP, and everything that is kept of each origin, follow the configuration. Used by one at a time.</summary>
internal sealed class OriginRouting(
    InMemoryConfigProvider provider,
    AppliedRoutes applied,
    IProxyStateLookup clusters,
    OriginPlaces places,
    OriginLoads loads,
    OriginSigning signing,
    EndpointBreakers breakers)
{
    private static readonly TimeSpan ApplyLimit = TimeSpan.FromSeconds(30);

    private IEnumerable<EndpointDataSource> _sources = [];
    private int _revision;

    /// <summary>Takes in the first configuration, which YARP got when the host was built.</summary>
    public void Begin(ProxyConfiguration configuration, IEnumerable<EndpointDataSource> sources)
    {
        _sources = sources;
        TakeIn(configuration);
    }

    /// <summary>Ends when requests may go to the origins of <paramref name="configuration"/>. Those that run go on to the origins they began with.</summary>
    /// <exception cref="Exception">YARP does not take it, or not within half a minute; everything is as before.</exception>
    public async Task ApplyAsync(ProxyConfiguration configuration)
    {
        string revision = (++_revision).ToString(CultureInfo.InvariantCulture);
        Task isApplied = applied.WhenApplied(revision);
        provider.Update(OriginClusters.Routes(configuration), OriginClusters.Clusters(configuration), revision);
        await isApplied.WaitAsync(ApplyLimit, TimeProvider.System);
        TakeIn(configuration);
    }

    private void TakeIn(ProxyConfiguration configuration)
    {
        places.Add(configuration, clusters, _sources.SelectMany(source => source.Endpoints));
        foreach (OriginConfiguration origin in configuration.Origins.Values)
        {
            loads.Of(origin);
            signing.Prepare(origin);
        }

        loads.Retain(configuration.Origins);
        signing.Retain(configuration.Origins);
        breakers.Retain((HashSet<string>)[.. configuration.Origins.Values.SelectMany(origin => origin.Endpoints).Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority))]);
    }
}
