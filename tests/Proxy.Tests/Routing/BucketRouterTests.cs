using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Routing;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Routing;

public sealed class BucketRouterTests
{
    [Fact]
    public void A_configured_bucket_has_one_route_of_its_own()
    {
        BucketRouter router = new(Configurations.Valid(Configurations.Full));

        BucketRoute route = RouteOf(router, "models");
        Assert.Equal("cdn", route.Origin.Name);
        Assert.Equal("prod-models", route.OriginBucket);
        Assert.Equal("v2/", route.Prefix);
        Assert.Equal("models", route.ClientBucket.Value);
        Assert.True(route.RenamesKeys);
        Assert.Same(route, RouteOf(router, "models"));
    }

    [Fact]
    public void Any_other_bucket_takes_the_default_under_its_own_name()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Full);
        BucketRoute route = RouteOf(new BucketRouter(configuration), "Models");

        Assert.Equal("Models", route.OriginBucket);
        Assert.Same(configuration.DefaultBucket, route.Configuration);
        Assert.False(route.RenamesKeys);
    }

    [Fact]
    public void Without_a_default_other_buckets_do_not_exist()
    {
        BucketRouter router = new(Configurations.Valid(Configurations.Least.Replace("\"*\"", "only", StringComparison.Ordinal)));

        Assert.True(router.TryRoute(Bucket("only"), out _));
        Assert.False(router.TryRoute(Bucket("other"), out BucketRoute? none));
        Assert.Null(none);
    }

    [Theory]
    [InlineData("\"*\": { origin: cdn }", "cdn")]
    [InlineData("only: { origin: cdn }", null)]
    public void The_default_bucket_tells_the_origin_of_the_service_when_there_are_several(string buckets, string? origin)
    {
        string yaml = $$"""
            origins: { main: { endpoints: [http://127.0.0.1:1] }, cdn: { endpoints: [http://127.0.0.1:2] } }
            buckets: { {{buckets}} }
            auth: { mode: anonymous }
            """;

        Assert.Equal(origin, new BucketRouter(Configurations.Valid(yaml)).ServiceOrigin?.Name);
    }

    [Fact]
    public void The_only_origin_is_that_of_the_service() =>
        Assert.Equal("main", new BucketRouter(Configurations.Valid(Configurations.Least.Replace("\"*\"", "only", StringComparison.Ordinal))).ServiceOrigin?.Name);

    private static BucketRoute RouteOf(BucketRouter router, string name)
    {
        Assert.True(router.TryRoute(Bucket(name), out BucketRoute? route));
        return route;
    }

    private static BucketName Bucket(string name) => BucketName.TryParse(name, out BucketName bucket) ? bucket : throw new ArgumentException(name);
}
