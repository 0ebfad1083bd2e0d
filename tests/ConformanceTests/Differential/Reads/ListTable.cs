namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>Lists of every kind, and what buckets and objects tell of themselves (requirement S6).</summary>
internal static class ListTable
{
    private static readonly string[] Objects =
    [
        "", "prefix=list/", "prefix=list%2F&delimiter=%2F", "delimiter=/", "delimiter=%2F&prefix=", "prefix=list/b", "prefix=none", "max-keys=2&prefix=list/", "max-keys=0", "max-keys=1&prefix=list/&delimiter=/",
        "max-keys=x", "max-keys=-1", "max-keys=", "max-keys=100000", "encoding-type=url", "encoding-type=url&prefix=list/", "encoding-type=nonsense", "delimiter=b&prefix=list/", "prefix=%C3%A9", "prefix=list/%C3%A9&encoding-type=url",
        "prefix=a%2Bb", "prefix=a%20b", "prefix=list/c%20d", "delimiter=%20&prefix=list/",
    ];

    public static IEnumerable<ReadCase> Lists()
    {
        foreach (string query in Objects)
        {
            yield return OfBucket(query);
            yield return OfBucket(Join("list-type=2", query));
            yield return OfBucket(Join("versions", query));
            yield return OfBucket(Join("uploads", query.Replace("max-keys", "max-uploads", StringComparison.Ordinal)));
        }

        string[] more =
        [
            "marker=list/b/1&prefix=list/", "marker=list/zz&prefix=list/", "marker=a%2Bb", "marker=", "list-type=2&start-after=list/b/1&prefix=list/", "list-type=2&start-after=list/zz&prefix=list/", "list-type=2&fetch-owner=true&prefix=list/",
            "list-type=2&fetch-owner=false&prefix=list/", "list-type=2&continuation-token=nonsense", "list-type=2&continuation-token=", "list-type=3", "list-type=", "list-type=2&continuation-token=list/b/1&prefix=list/",
            "versions&key-marker=list/b/1&prefix=list/", "versions&version-id-marker=x", "uploads&key-marker=list/unfinished&prefix=list/", "uploads&upload-id-marker=x&key-marker=list/a", "list-type=2&allow-unordered=true",
            "unknown=1", "unknown", "prefix=list/&prefix=a", "allow-unordered=true",
        ];
        foreach (string query in more)
        {
            yield return OfBucket(query);
        }

        foreach (string query in new[] { "versions", "versions&prefix=g", "versions&max-keys=1", "versions&max-keys=2&delimiter=/", "versions&key-marker=twice&version-id-marker={version2}", "", "list-type=2", "versions&encoding-type=url" })
        {
            yield return OfBucket(query, ReadObjects.VersionedBucket);
        }

        yield return OfBucket("", "nobodys-bucket");
        yield return OfBucket("list-type=2", "nobodys-bucket");
        yield return OfBucket("versions", "nobodys-bucket");
        yield return OfBucket("uploads", "nobodys-bucket");
        yield return Passed(S3Call.Get(null) with { Signing = CallSigning.Presigned });
        yield return Passed(S3Call.Get(null, "list-type=2&prefix=list%2Fc%20d") with { Signing = CallSigning.Presigned });
    }

    public static IEnumerable<ReadCase> Parts()
    {
        foreach (string query in new[] { "", "&max-parts=1", "&part-number-marker=1", "&max-parts=0", "&max-parts=x", "&encoding-type=url" })
        {
            yield return Passed(S3Call.Get("list/unfinished", "uploadId={upload2}" + query));
        }

        yield return Passed(S3Call.Get("list/unfinished%20b+c".Replace(" ", "%20", StringComparison.Ordinal), "uploadId={upload3}"));
        yield return Passed(S3Call.Get("list/unfinished", "uploadId=nonsense"));
        yield return Passed(S3Call.Get("list/unfinished", "uploadId="));
        yield return Passed(S3Call.Get("list/another", "uploadId={upload2}"));
        yield return Passed(S3Call.Get("list/unfinished", "uploadId={upload1}"));
    }

    public static IEnumerable<ReadCase> SubResources()
    {
        string[] ofBucket =
        [
            "location", "versioning", "acl", "cors", "lifecycle", "policy", "policyStatus", "tagging", "website", "logging", "notification", "replication", "requestPayment", "encryption", "object-lock",
            "publicAccessBlock", "accelerate", "ownershipControls", "analytics", "inventory", "metrics", "intelligent-tiering", "location=", "acl&versionId=x",
        ];
        foreach (string query in ofBucket)
        {
            yield return OfBucket(query);
            yield return OfBucket(query, "nobodys-bucket");
        }

        foreach (string query in new[] { "acl", "tagging", "attributes", "torrent", "retention", "legal-hold", "restore", "uploads", "acl=", "nonsense", "tagging&versionId=x" })
        {
            yield return Passed(S3Call.Get(ReadObjects.Plain, query));
            yield return Passed(S3Call.Get("missing", query));
        }

        yield return Passed(S3Call.Get("headers", "tagging"));
        yield return Passed(S3Call.Head(null));
        yield return Passed(S3Call.Head(null) with { Bucket = "nobodys-bucket" });
        yield return Passed(S3Call.Head(null) with { Bucket = ReadObjects.VersionedBucket });
        yield return OfBucket("versioning", ReadObjects.VersionedBucket);
        yield return Passed(S3Call.Get(null) with { Bucket = null });
        yield return Passed(S3Call.Head(null) with { Bucket = null });
        yield return Passed(S3Call.Get(null, "max-buckets=1") with { Bucket = null });
    }

    private static string Join(string first, string second) => second.Length == 0 ? first : $"{first}&{second}";

    private static ReadCase OfBucket(string query, string bucket = "{bucket}") => Passed(S3Call.Get(null, query) with { Bucket = bucket });

    private static ReadCase Passed(S3Call call) => new(call, IsCached: false);
}
