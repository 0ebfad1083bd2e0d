using System.Text;
using S3Proxy.ConformanceTests.Differential.Reads;

namespace S3Proxy.ConformanceTests.Differential.Writes;

/// <summary>PutObject, DeleteObject and what belongs to one object. Reads in between find the cache filled by those before.</summary>
internal static class ObjectScenarios
{
    public static IEnumerable<WriteScenario> All()
    {
        yield return new WriteScenario("overwrite and delete",
        [
            S3Call.Get("a"), S3Call.Put("a", Content(1)), S3Call.Get("a"), S3Call.Head("a"), S3Call.Put("a", Content(2)), S3Call.Get("a"), S3Call.Put("a"), S3Call.Get("a"),
            S3Call.Put("a", ReadObjects.Content(200_000)), S3Call.Get("a").With("Range", "bytes=100000-"), S3Call.Put("a", ReadObjects.Content(100_001)), S3Call.Get("a").With("Range", "bytes=100000-"),
            S3Call.Delete("a"), S3Call.Get("a"), S3Call.Head("a"), S3Call.Delete("a"), S3Call.Delete("never"), S3Call.Put("a", Content(3)), S3Call.Get("a"),
        ]);
        yield return new WriteScenario("headers of an object",
        [
            S3Call.Put("a", Content(1)).With("Content-Type", "text/x-odd").With("Cache-Control", "max-age=5").With("Content-Disposition", "inline").With("Content-Encoding", "br").With("Content-Language", "de")
                .With("Expires", "Thu, 01 Dec 2044 16:00:00 GMT").With("x-amz-meta-a", "1").With("x-amz-meta-B-c", "two words").With("x-amz-meta-u", Encoding.Latin1.GetString("ü日"u8)),
            S3Call.Get("a"), S3Call.Put("a", Content(1)).With("x-amz-meta-a", "2"), S3Call.Get("a"), S3Call.Head("a"),
            S3Call.Put("a", Content(1)).With("x-amz-meta-a", new string('m', 2100)), S3Call.Get("a"), S3Call.Put("b", Content(1)).With("x-amz-storage-class", "NONSENSE"), S3Call.Get("b"),
            S3Call.Put("c", Content(1)).With("x-amz-acl", "public-read"), S3Call.Get("c", "acl"), S3Call.Put("d", Content(1)).With("x-amz-acl", "nonsense"), S3Call.Get("d"),
            S3Call.Put("e", Content(1)).With("x-amz-tagging", "a=1&b=%2B%20x"), S3Call.Get("e", "tagging"), S3Call.Put("f", Content(1)).With("x-amz-tagging", "a=1&a=2"), S3Call.Get("f"),
        ]);
        yield return new WriteScenario("checks of a body",
        [
            S3Call.Put("a", Content(1)).With("Content-MD5", S3Call.DigestOfBody), S3Call.Put("a", Content(2)).With("Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="), S3Call.Get("a"),
            S3Call.Put("a", Content(2)).With("Content-MD5", "nonsense"), S3Call.Put("a", Content(2)).With("Content-MD5", ""), S3Call.Get("a"),
            S3Call.Put("a", Content(3)).With("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), S3Call.Get("a"), S3Call.Put("a", Content(4)).With("x-amz-content-sha256", new string('0', 64)), S3Call.Get("a"),
            S3Call.Put("a", Content(5)).With("Transfer-Encoding", "chunked"), S3Call.Get("a"), S3Call.Put("a", Content(6)).With("Expect", "100-continue"), S3Call.Get("a"),
            S3Call.Put("a", Content(7)).With("If-None-Match", "*"), S3Call.Get("a"), S3Call.Put("a", Content(8)).With("If-Match", "\"another\""), S3Call.Get("a"),
            S3Call.Put("a", Content(9)) with { Signing = CallSigning.Presigned }, S3Call.Get("a"), S3Call.Head("a") with { Signing = CallSigning.Presigned },
            S3Call.Delete("a") with { Signing = CallSigning.Presigned }, S3Call.Get("a"), S3Call.Put("a", Content(1)) with { Bucket = "nobodys-bucket" },
            S3Call.Put("b", ReadObjects.Content(3_000_000)), S3Call.Get("b"), S3Call.Put(new string('k', 1025), Content(1)), S3Call.Put("c", Content(1), "versionId=x"), S3Call.Get("c"),
        ]);
        yield return new WriteScenario("tricky keys", [.. ReadObjects.TrickyKeys.SelectMany(key => new[] { S3Call.Put(key, Content(key.Length)), S3Call.Get(key) })]);
        yield return new WriteScenario("encryption with the client's key",
        [
            S3Call.Put("a", Content(1)).WithCustomerKey(ReadObjects.CustomerKey), S3Call.Get("a").WithCustomerKey(ReadObjects.CustomerKey), S3Call.Get("a"), S3Call.Get("a").WithCustomerKey(ReadObjects.OtherCustomerKey),
            S3Call.Put("a", Content(2)), S3Call.Get("a"), S3Call.Put("a", Content(3)).WithCustomerKey(ReadObjects.CustomerKey), S3Call.Get("a"), S3Call.Head("a").WithCustomerKey(ReadObjects.CustomerKey),
            S3Call.Put("b").With("x-amz-copy-source", "/{bucket}/a").WithCustomerKey(ReadObjects.CustomerKey, "x-amz-copy-source-"), S3Call.Get("b"), S3Call.Delete("a"),
        ]);
        yield return new WriteScenario("sub-resources of an object",
        [
            S3Call.Put("a", Content(1)), S3Call.Get("a"), S3Call.Put("a", query: "tagging").WithText("<Tagging><TagSet><Tag><Key>k</Key><Value>v w</Value></Tag></TagSet></Tagging>"), S3Call.Get("a", "tagging"), S3Call.Get("a"),
            S3Call.Delete("a", "tagging"), S3Call.Get("a", "tagging"), S3Call.Get("a"), S3Call.Put("a", query: "tagging").WithText("<Tagging>"), S3Call.Put("never", query: "tagging").WithText("<Tagging><TagSet></TagSet></Tagging>"),
            S3Call.Put("a", query: "acl").With("x-amz-acl", "public-read"), S3Call.Get("a", "acl"), S3Call.Put("a", query: "acl").WithText("<AccessControlPolicy/>"), S3Call.Put("a", query: "acl").WithText("nonsense"),
            S3Call.Put("a", query: "acl").With("x-amz-acl", "nonsense"), S3Call.Put("a", query: "retention").WithText("<Retention/>"), S3Call.Put("a", query: "legal-hold").WithText("<LegalHold/>"), S3Call.Put("a", query: "torrent"),
            S3Call.Post("a", "restore", "<RestoreRequest><Days>1</Days></RestoreRequest>"), S3Call.Post("a", "select&select-type=2", "<SelectRequest/>"), S3Call.Delete("a", "acl"), S3Call.Get("a"),
        ]);
    }

    private static byte[] Content(int seed) => ReadObjects.Content(500 + seed, seed);
}
