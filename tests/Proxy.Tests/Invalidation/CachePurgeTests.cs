using System.Collections.Frozen;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Invalidation;

/// <summary>What purges and events concern while, and after, an origin becomes another one (decision 0018).</summary>
public sealed class CachePurgeTests : IDisposable
{
    private const string There = "there";
    private static readonly ProxyConfiguration Before = Configurations.Valid(Configurations.Least);
    private static readonly string Here = Before.Origins.Values.Single().Identity;

    private readonly OriginsInForce _origins = new(Before);
    private readonly MemoryTier _memory = new(new PagePool(4 << 20), new AdmissionFifoPolicy());
    private readonly ObjectEpochs _epochs;
    private readonly CachePurge _purge;

    public CachePurgeTests()
    {
        _epochs = new ObjectEpochs(_memory, TimeProvider.System);
        LocalPurge local = new(_epochs, new FlightTables(new CoalescerOptions(), TimeProvider.System), _memory);
        _purge = new CachePurge(_origins, local, _memory, fleet: null, shared: null, channel: null);
        foreach (string origin in new[] { Here, There })
        {
            Remember(new ObjectId(origin, "bucket", "key"));
            Remember(new ObjectId(origin, "bucket", "other"));
        }
    }

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData("purge key")]
    [InlineData("purge prefix")]
    [InlineData("forget key")]
    [InlineData("forget prefix")]
    public async Task Under_way_and_afterwards_the_other_identity_is_concerned_too(string what)
    {
        await CarryOutAsync(what);
        Assert.Equal((false, true), (Knows(Here, "key"), Knows(There, "key")));

        _origins.Announce(Moved());
        await CarryOutAsync(what);
        Assert.False(Knows(There, "key"));

        Remember(new ObjectId(There, "bucket", "key"));
        _origins.Settle(Moved());
        await CarryOutAsync(what);
        Assert.Equal((false, true, true), (Knows(There, "key"), Knows(There, "other"), Knows(Here, "other")));
    }

    [Fact]
    public async Task Where_clients_choose_the_host_all_of_the_coming_origin_is_concerned()
    {
        _origins.Announce(Moved() with { Auth = Before.Auth with { Mode = AuthMode.Passthrough } });
        await CarryOutAsync("purge key");
        Assert.Equal((false, false, true), (Knows(There, "key"), Knows(There, "other"), Knows(Here, "other")));
    }

    [Fact]
    public async Task An_origin_that_comes_into_force_is_forgotten_alone()
    {
        _origins.Announce(Moved());
        await _purge.ForgetAsync(CacheScope.Of(There), CancellationToken.None);
        Assert.Equal((false, true), (Knows(There, "key"), Knows(Here, "key")));
    }

    private static ProxyConfiguration Moved() => Before with
    {
        Origins = Before.Origins.ToFrozenDictionary(origin => origin.Key, origin => origin.Value with { Identity = There }),
    };

    private async Task CarryOutAsync(string what)
    {
        ObjectId id = new(Here, "bucket", "key");
        CacheScope scope = CacheScope.Of(new BucketId(Here, "bucket"), "k");
        _ = what switch
        {
            "purge key" => await _purge.PurgeAsync(id, CancellationToken.None),
            "purge prefix" => await _purge.PurgeAsync(scope, CancellationToken.None),
            "forget key" => await _purge.ForgetAsync([id], CancellationToken.None),
            _ => await _purge.ForgetAsync(scope, CancellationToken.None),
        };
    }

    private bool Knows(string origin, string key) => _memory.FindMetadata(new ObjectId(origin, "bucket", key)) is not null;

    private void Remember(ObjectId id) =>
        Assert.True(_epochs.TryCommit(TestObjects.Metadata("x", 1) with { Version = new ObjectVersion(id, "\"e\"", null, 1) }, _epochs.Current(id)));
}
