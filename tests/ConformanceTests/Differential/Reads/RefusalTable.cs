namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>Requests that nobody should carry out: badly signed, of unknown methods, about buckets that are not there (requirements A1, S9).</summary>
internal static class RefusalTable
{
    public static IEnumerable<ReadCase> Signatures()
    {
        foreach (CallSigning signing in Enum.GetValues<CallSigning>().Where(way => way is not (CallSigning.Header or CallSigning.Presigned)))
        {
            yield return Refused(S3Call.Get(ReadObjects.Plain) with { Signing = signing });
            yield return Refused(S3Call.Head(ReadObjects.Plain) with { Signing = signing });
            yield return Refused(S3Call.Get("missing") with { Signing = signing });
            yield return Refused(S3Call.Get(null) with { Signing = signing });
            yield return Refused(S3Call.Get("missing") with { Signing = signing, Bucket = "nobodys-bucket" });
            yield return Refused(S3Call.Put("refused", [1]) with { Signing = signing });
            yield return Refused(S3Call.Get(ReadObjects.Plain, "response-content-type=a%2Fb") with { Signing = signing });
        }

        foreach (string region in new[] { "eu-west-1", "default", "" })
        {
            yield return Refused(S3Call.Get(ReadObjects.Plain) with { Region = region });
            yield return Refused(S3Call.Get(ReadObjects.Plain) with { Region = region, Signing = CallSigning.Presigned });
        }

        foreach (string value in new[] { "nonsense", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=x", "Basic YTpi", "Bearer token", "AWS a:b" })
        {
            yield return Refused(S3Call.Get(ReadObjects.Plain).With("Authorization", value) with { Signing = CallSigning.Anonymous });
        }

        yield return Refused(S3Call.Get(ReadObjects.Plain).With("x-amz-content-sha256", new string('0', 64)));
        yield return Refused(S3Call.Get(ReadObjects.Plain).With("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
    }

    public static IEnumerable<ReadCase> Methods()
    {
        foreach (string method in new[] { "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "NONSENSE" })
        {
            yield return Refused(new S3Call { Method = method, Key = ReadObjects.Plain });
            yield return Refused(new S3Call { Method = method });
        }

        yield return Refused(S3Call.Post(ReadObjects.Plain, ""));
        yield return Refused(S3Call.Post(ReadObjects.Plain, "acl"));
        yield return Refused(S3Call.Post(null, ""));
        yield return Refused(S3Call.Delete(null) with { Bucket = null });
        yield return Refused(S3Call.Put(null) with { Bucket = null });
        yield return Refused(S3Call.Post(null, "") with { Bucket = null });
        foreach (string bucket in new[] { "nobodys-bucket", "NoBodys-Bucket", "ab", "a", new string('b', 64), "192.168.1.1", "with_underscore", "with..dots", "-dash", "dash-", "sp%20ce" })
        {
            yield return Refused(S3Call.Get("key") with { Bucket = bucket });
            yield return Refused(S3Call.Head("key") with { Bucket = bucket });
            yield return Refused(S3Call.Get(null) with { Bucket = bucket });
        }
    }

    /// <summary>Asked without a signature, of a proxy that lets everyone read.</summary>
    public static IEnumerable<ReadCase> Anonymous()
    {
        yield return Public(S3Call.Get(ReadObjects.Plain), isCached: true);
        yield return Public(S3Call.Head(ReadObjects.Plain), isCached: true);
        yield return Public(S3Call.Get(ReadObjects.Plain).With("Range", "bytes=-5"), isCached: true);
        yield return Public(S3Call.Get(ReadObjects.Plain).With("If-None-Match", "\"{etag}\""), isCached: true);
        yield return Public(S3Call.Get("missing"), isCached: false);
        yield return Public(S3Call.Head("missing"), isCached: false);
        foreach (string query in new[] { "response-content-type=a%2Fb", "response-cache-control=no-store", "response-expires=0", "versionId=null", "partNumber=1" })
        {
            yield return Public(S3Call.Get(ReadObjects.Plain, query), isCached: false);
        }

        yield return Public(S3Call.Put("refused", [1]), isCached: false);
        yield return Public(S3Call.Delete(ReadObjects.Plain), isCached: false);
        yield return Public(S3Call.Get(ReadObjects.Plain, "acl"), isCached: false);
    }

    private static ReadCase Public(S3Call call, bool isCached) => new(call with { Bucket = ReadObjects.PublicBucket, Signing = CallSigning.Anonymous }, isCached);

    private static ReadCase Refused(S3Call call) => new(call, IsCached: false);
}
