using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Events;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Events;

public sealed class EventTargetsTests
{
    private static readonly ProxyConfiguration Several = Configurations.Valid("""
        origins:
          one: { endpoints: [http://127.0.0.1:8000], identity: place-1 }
          two: { endpoints: [http://127.0.0.1:8001], identity: place-2 }
        buckets:
          plain: { origin: one }
          renamed: { origin: one, bucket: objects, prefix: a/ }
          again: { origin: one, bucket: objects, prefix: b/ }
          other: { origin: two, bucket: objects }
          "*": { origin: two }
        auth: { mode: anonymous }
        """);

    [Theory]
    [InlineData("objects", null, "place-1", "place-2")]
    [InlineData("objects", "two", "place-2")]
    [InlineData("plain", null, "place-1", "place-2")]
    [InlineData("nobodys", "one", "place-1")]
    [InlineData("objects", "three")]
    public void A_bucket_counts_at_every_origin_or_the_named_one(string bucket, string? origin, params string[] places) =>
        Assert.Equal(places.Select(place => new BucketId($"{Identity(place)}", bucket)).ToHashSet(), EventTargets.PlacesOf(Several, bucket, origin).ToHashSet());

    [Theory]
    [InlineData("objects", null, true)]
    [InlineData("objects", "two", true)]
    [InlineData("plain", null, true)]
    [InlineData("plain", "two", false)]
    [InlineData("renamed", null, false)]
    [InlineData("anything", null, true)]
    [InlineData("anything", "one", false)]
    public void Mapped_is_what_a_bucket_of_clients_leads_to(string bucket, string? origin, bool isMapped) =>
        Assert.Equal(isMapped, EventTargets.IsMapped(Several, bucket, origin));

    private static string Identity(string place) => Several.Origins.Values.Single(origin => origin.Identity.Contains(place, StringComparison.Ordinal)).Identity;
}
