using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Tests.Forwarding;

/// <summary>Routes and requests for mapping tests: names so odd that a leak is found by searching for them.</summary>
internal static class MappedRoutes
{
    public const string ClientBucket = "models";
    public const string OriginBucket = "prod-models";
    public const string Prefix = "zq7tenant/";

    public static BucketRoute Mapped { get; } = Create(ClientBucket, OriginBucket, Prefix);

    public static BucketRoute RenamedOnly { get; } = Create(ClientBucket, OriginBucket, "");

    public static BucketRoute Unmapped { get; } = Create(ClientBucket, ClientBucket, "");

    public static BucketRoute Create(string client, string origin, string prefix, string originName = "main") => new()
    {
        ClientBucket = Bucket(client),
        OriginBucket = origin,
        Configuration = new BucketConfiguration
        {
            Origin = new OriginConfiguration
            {
                Name = originName,
                Endpoints = [new Uri("http://127.0.0.1:8000")],
                Region = "us-east-1",
                Credentials = new OriginCredentials { Source = OriginCredentialsSource.Anonymous },
            },
            OriginBucket = origin,
            Prefix = prefix,
            Cache = new CacheRule { Mode = CacheMode.Ttl },
            Coalescing = CoalescingMode.Streaming,
        },
    };

    public static BucketName Bucket(string name) =>
        BucketName.TryParse(name, out BucketName bucket) ? bucket : throw new ArgumentException(name);

    public static ObjectKey Key(string key) => ObjectKey.TryParse(key, out ObjectKey parsed) ? parsed : throw new ArgumentException(key);

    /// <summary>A request on <see cref="ClientBucket"/>; <paramref name="query"/> as name=value, not encoded.</summary>
    public static S3Request Request(S3Operation operation, string? key = null, params string[] query)
    {
        string path = "/" + ClientBucket + (key is null ? "" : "/" + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal));
        return new S3Request
        {
            Method = "GET",
            Operation = operation,
            Bucket = Bucket(ClientBucket),
            Key = key is null ? null : Key(key),
            Query = new S3Query([.. query.Select(Split)]),
            RawTarget = path,
            RawPath = path,
            Resource = path,
        };
    }

    public static MemoryStream Body(string text) => new(Encoding.UTF8.GetBytes(text));

    private static KeyValuePair<string, string> Split(string item)
    {
        int equals = item.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(item, "") : new(item[..equals], item[(equals + 1)..]);
    }
}
