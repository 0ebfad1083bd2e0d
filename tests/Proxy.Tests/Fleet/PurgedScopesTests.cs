using S3Proxy.Caching;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;

namespace S3Proxy.Tests.Fleet;

public sealed class PurgedScopesTests
{
    private static readonly BucketId Bucket = new("main", "bucket");

    [Fact]
    public void A_record_counts_unless_its_scope_was_purged_later()
    {
        PurgedScopes scopes = new();
        scopes.Add(CacheScope.Of(Bucket, "a/"), 10);
        scopes.Add(CacheScope.Of(new BucketId("main", "other")), 20);

        Assert.Equal(20, scopes.Generation);
        Assert.True(scopes.IsPurgedSince(TestObjects.Id("a/1"), 9));
        Assert.False(scopes.IsPurgedSince(TestObjects.Id("a/1"), 10));
        Assert.False(scopes.IsPurgedSince(TestObjects.Id("b"), 0));
        Assert.False(scopes.IsPurgedSince(new ObjectId("elsewhere", "bucket", "a/1"), 0));
        Assert.True(scopes.IsPurgedSince(new ObjectId("main host:80", "bucket", "a/1"), 0));
    }

    [Fact]
    public void An_older_purge_that_is_told_later_changes_nothing()
    {
        PurgedScopes scopes = new();
        scopes.Add(CacheScope.Of(Bucket), 10);
        scopes.Add(CacheScope.Of(Bucket), 5);
        Assert.True(scopes.IsPurgedSince(TestObjects.Id("a"), 9));
        scopes.Advance(7);
        Assert.Equal(10, scopes.Generation);
    }

    [Fact]
    public void Too_many_scopes_become_all()
    {
        PurgedScopes scopes = new();
        for (int i = 0; i <= PurgedScopes.MaxScopes; i++)
        {
            scopes.Add(CacheScope.Of(Bucket, $"{i}/"), i + 1);
        }

        Assert.True(scopes.IsPurgedSince(new ObjectId("x", "y", "z"), PurgedScopes.MaxScopes));
        Assert.False(scopes.IsPurgedSince(new ObjectId("x", "y", "z"), PurgedScopes.MaxScopes + 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a|b,c\"\u20ac/")]
    public void A_scope_survives_its_name(string prefix)
    {
        CacheScope scope = CacheScope.Of(Bucket, prefix);
        Assert.Equal(scope, PurgedScopes.ScopeOf(PurgedScopes.NameOf(scope)));
        Assert.Equal(CacheScope.Of("main"), PurgedScopes.ScopeOf(PurgedScopes.NameOf(CacheScope.Of("main"))));
        Assert.Equal(CacheScope.All, PurgedScopes.ScopeOf(PurgedScopes.NameOf(CacheScope.All)));
        Assert.Equal(CacheScope.All, PurgedScopes.ScopeOf("garbage"));
    }
}
