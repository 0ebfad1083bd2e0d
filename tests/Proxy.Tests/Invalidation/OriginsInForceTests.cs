using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Invalidation;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Invalidation;

/// <summary>What a write concerns that ends while, or after, its origin becomes another one (decision 0018).</summary>
public sealed class OriginsInForceTests
{
    private static readonly ProxyConfiguration Here = Configurations.Valid(Configurations.Least);
    private static readonly ProxyConfiguration There = Moved("there");

    private static string Identity => Here.Origins.Values.Single().Identity;

    [Fact]
    public void While_nothing_changes_a_write_concerns_nothing_else()
    {
        OriginsInForce origins = new(Here);
        Assert.Null(origins.ElsewhereOf([Id(Identity)], bucket: null));
        Assert.Null(origins.ElsewhereOf([], new BucketId(Identity, "bucket")));
    }

    [Fact]
    public void From_the_announcement_on_a_write_concerns_what_comes_and_after_it_what_is_there()
    {
        OriginsInForce origins = new(Here);
        Assert.Equal(["there"], origins.Announce(There));
        AssertConcernsThere(origins);

        origins.Settle(There);
        AssertConcernsThere(origins);
        Assert.Null(origins.ElsewhereOf([Id("there")], bucket: null));

        static void AssertConcernsThere(OriginsInForce origins)
        {
            Assert.Equal([Id("there")], origins.ElsewhereOf([Id(Identity)], bucket: null)!.Objects);
            Assert.Equal([CacheScope.Of(new BucketId("there", "bucket"))], origins.ElsewhereOf([], new BucketId(Identity, "bucket"))!.Scopes);
        }
    }

    [Fact]
    public void A_reload_that_fails_leaves_everything_as_it_was()
    {
        OriginsInForce origins = new(Here);
        origins.Announce(There);
        origins.Settle(Here);
        Assert.Null(origins.ElsewhereOf([Id(Identity)], bucket: null));
    }

    [Fact]
    public void Where_clients_choose_the_host_the_write_concerns_all_of_the_other_origin()
    {
        OriginsInForce origins = new(Here);
        origins.Settle(There);
        ElsewhereWritten written = origins.ElsewhereOf([Id(Identity + " host:80")], bucket: null)!;
        Assert.Empty(written.Objects);
        CacheScope scope = Assert.Single(written.Scopes);
        Assert.True(scope.Holds(Id("there")));
        Assert.True(scope.Holds(Id("there other:80")));
        Assert.False(scope.Holds(Id("thereabouts")));

        origins.Settle(Moved("p") with { Auth = There.Auth with { Mode = AuthMode.Passthrough } });
        Assert.Equal([CacheScope.Of("p")], origins.ElsewhereOf([Id(Identity)], bucket: null)!.Scopes);
    }

    private static ObjectId Id(string origin) => new(origin, "bucket", "key");

    private static ProxyConfiguration Moved(string identity) => Here with
    {
        Origins = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(Here.Origins, origin => origin.Key, origin => origin.Value with { Identity = identity }),
    };
}
