using S3Proxy.Caching;

namespace S3Proxy.Tests;

/// <summary>Objects for tests.</summary>
internal static class TestObjects
{
    public static ObjectId Id(string key) => new("main", "bucket", key);

    public static ObjectVersion Version(string key, long size, string etag = "\"0123456789abcdef0123456789abcdef\"") => new(Id(key), etag, null, size);

    public static ObjectMetadata Metadata(string key, long size, string etag = "\"0123456789abcdef0123456789abcdef\"", long askedAt = 0) => new()
    {
        Version = Version(key, size, etag),
        Headers = [new HeaderField("ETag", etag), new HeaderField("Content-Type", "text/plain")],
        Checksums = [],
        KnowsChecksums = true,
        AskedAt = askedAt,
    };
}
