namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>Objects with headers of every kind, with tricky keys, and such that are not there (requirements S2, S5, S8).</summary>
internal static class ObjectTable
{
    public static IEnumerable<ReadCase> Headers()
    {
        foreach (string key in new[] { ReadObjects.Plain, ReadObjects.Empty, ReadObjects.Multipart, "headers", "no-cache", "no-type" })
        {
            yield return new ReadCase(S3Call.Get(key), IsCached: true);
            yield return new ReadCase(S3Call.Head(key), IsCached: true);
            yield return new ReadCase(S3Call.Get(key).With("x-amz-checksum-mode", "ENABLED"), IsCached: true);
            yield return new ReadCase(S3Call.Head(key).With("x-amz-checksum-mode", "ENABLED"), IsCached: false);
            yield return new ReadCase(S3Call.Get(key).With("Accept-Encoding", "gzip, br"), IsCached: true);
            yield return new ReadCase(S3Call.Get(key, "x-id=GetObject"), IsCached: true);
            yield return new ReadCase(S3Call.Get(key).With("x-amz-request-payer", "requester"), IsCached: false);
            yield return new ReadCase(S3Call.Get(key).With("Origin", "http://example.com"), IsCached: false);
            yield return new ReadCase(S3Call.Get(key) with { Signing = CallSigning.Presigned }, IsCached: true);
            yield return new ReadCase(S3Call.Head(key) with { Signing = CallSigning.Presigned }, IsCached: true);
            if (key is not ReadObjects.Empty)
            {
                yield return new ReadCase(S3Call.Get(key).With("Range", "bytes=10-19"), IsCached: true);
            }
        }
    }

    public static IEnumerable<ReadCase> Keys()
    {
        foreach (string key in ReadObjects.TrickyKeys)
        {
            yield return new ReadCase(S3Call.Get(key), IsCached: true);
            yield return new ReadCase(S3Call.Head(key), IsCached: true);
            yield return new ReadCase(S3Call.Get(key) with { Signing = CallSigning.Presigned }, IsCached: true);
            yield return new ReadCase(S3Call.Get(key).With("Range", "bytes=10-19"), IsCached: true);
        }

        foreach (string missing in new[] { "missing", "Plain", "plain/", "plain%20", "a", "a%2F", "missing/%C3%A9", "%00", "a%00b", "missing%2F..%2Fplain", "x/../plain", "b%FF", "a%ZZ", "a%", new string('k', 1025), new string('k', 2000) })
        {
            yield return new ReadCase(S3Call.Get(missing), IsCached: false);
            yield return new ReadCase(S3Call.Head(missing), IsCached: false);
        }
    }

    public static IEnumerable<ReadCase> Versions()
    {
        string[] queries =
        [
            "", "versionId={version1}", "versionId={version2}", "versionId=null", "versionId={version3}", "versionId={version4}", "versionId=nonsense", "versionId=", "versionId",
            "versionId={version1}&partNumber=1",
        ];
        foreach (string key in new[] { "twice", "gone", "before", "missing" })
        {
            foreach (string query in queries)
            {
                yield return InVersions(S3Call.Get(key, query));
                yield return InVersions(S3Call.Head(key, query));
            }
        }

        yield return InVersions(S3Call.Get("twice", "versionId={version1}").With("Range", "bytes=5-9"));
        yield return InVersions(S3Call.Get("twice", "versionId={version1}").With("If-Match", "\"another\""));
        yield return InVersions(S3Call.Get("twice", "versionId={version1}").With("If-None-Match", "*"));
        yield return InVersions(S3Call.Get("twice", "tagging&versionId={version1}"));
        yield return InVersions(S3Call.Get("twice", "acl&versionId={version1}"));
        yield return InVersions(S3Call.Get("twice", "versionId={version1}") with { Signing = CallSigning.Presigned });
    }

    public static IEnumerable<ReadCase> Parts()
    {
        foreach (string number in new[] { "1", "2", "3", "0", "-1", "10001", "x", "" })
        {
            yield return Passed(S3Call.Get(ReadObjects.Multipart, $"partNumber={number}"));
            yield return Passed(S3Call.Head(ReadObjects.Multipart, $"partNumber={number}"));
            yield return Passed(S3Call.Get(ReadObjects.Plain, $"partNumber={number}"));
        }

        yield return Passed(S3Call.Get(ReadObjects.Multipart, "partNumber=2").With("Range", "bytes=0-9"));
        yield return Passed(S3Call.Get("missing", "partNumber=1"));
    }

    public static IEnumerable<ReadCase> Overrides()
    {
        string[] queries =
        [
            "response-content-type=image%2Fpng", "response-content-language=fr", "response-expires=Thu%2C%2001%20Dec%202044%2016%3A00%3A00%20GMT", "response-cache-control=no-store",
            "response-content-disposition=attachment%3B%20filename%3D%22a%2Bb%20c.txt%22", "response-content-encoding=br", "response-content-type=", "response-content-type", "response-nonsense=1",
            "response-content-type=a%2Fb&response-cache-control=max-age%3D1&response-content-disposition=inline",
        ];
        foreach (string query in queries)
        {
            yield return Passed(S3Call.Get(ReadObjects.Plain, query));
            yield return Passed(S3Call.Head(ReadObjects.Plain, query));
            yield return Passed(S3Call.Get("headers", query) with { Signing = CallSigning.Presigned });
            yield return Passed(S3Call.Get(ReadObjects.Plain, query).With("Range", "bytes=0-9"));
        }

        yield return Passed(S3Call.Get("missing", "response-content-type=a%2Fb"));
    }

    public static IEnumerable<ReadCase> Encryption()
    {
        foreach (string method in new[] { "GET", "HEAD" })
        {
            S3Call encrypted = new() { Method = method, Key = ReadObjects.Encrypted };
            yield return Passed(encrypted.WithCustomerKey(ReadObjects.CustomerKey));
            yield return Passed(encrypted.WithCustomerKey(ReadObjects.CustomerKey).With("Range", "bytes=100-199"));
            yield return Passed(encrypted.WithCustomerKey(ReadObjects.OtherCustomerKey));
            yield return Passed(encrypted.WithCustomerKey((ReadObjects.CustomerKey.Key, ReadObjects.OtherCustomerKey.Digest)));
            yield return Passed(encrypted.WithCustomerKey(("c2hvcnQ=", ReadObjects.CustomerKey.Digest)));
            yield return Passed(encrypted);
            yield return Passed((encrypted with { Key = ReadObjects.Plain }).WithCustomerKey(ReadObjects.CustomerKey));
            yield return Passed(encrypted.With("x-amz-server-side-encryption-customer-algorithm", "AES256"));
        }
    }

    private static ReadCase InVersions(S3Call call) => Passed(call with { Bucket = ReadObjects.VersionedBucket });

    private static ReadCase Passed(S3Call call) => new(call, IsCached: false);
}
