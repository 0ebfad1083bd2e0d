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
    [InlineData("plain", null, "place-1")]
    [InlineData("plain", "two")]
    [InlineData("renamed", null)]
    [InlineData("anything", null, "place-2")]
    public void All_buckets_of_clients_that_lead_there_count(string bucket, string? origin, params string[] places) =>
        Assert.Equal(places.Select(place => new BucketId($"{Identity(place)}", bucket)).ToHashSet(), EventTargets.PlacesOf(Several, bucket, origin).ToHashSet());

    private static string Identity(string place) => Several.Origins.Values.Single(origin => origin.Identity.Contains(place, StringComparison.Ordinal)).Identity;
}
