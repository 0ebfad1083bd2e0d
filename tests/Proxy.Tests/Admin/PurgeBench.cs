using S3Proxy.Admin;
using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Reloading;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Admin;

/// <summary>The handler of purges for one replica, with the fullest configuration of the tests.</summary>
internal static class PurgeBench
{
    public static PurgeRequestHandler Handler(MemoryTier memory, FlightTables tables, AuthMode mode = AuthMode.SigV4) =>
        Handler(memory, tables, new ObjectEpochs(memory, TimeProvider.System), mode);

    public static PurgeRequestHandler Handler(MemoryTier memory, FlightTables tables, ObjectEpochs epochs, AuthMode mode = AuthMode.SigV4) => new(
        new CurrentSnapshot(ConfigurationOf(mode)), new CachePurge(new OriginsInForce(ConfigurationOf(mode)), new LocalPurge(epochs, tables, memory), memory, fleet: null, shared: null, channel: null));

    private static ProxyConfiguration ConfigurationOf(AuthMode mode)
    {
        ProxyConfiguration full = Configurations.Valid(Configurations.Full);
        return full with { Auth = full.Auth with { Mode = mode } };
    }
}
