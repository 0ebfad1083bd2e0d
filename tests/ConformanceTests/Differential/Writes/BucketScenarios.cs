using S3Proxy.ConformanceTests.Differential.Reads;

namespace S3Proxy.ConformanceTests.Differential.Writes;

/// <summary>Buckets and what is configured for them.</summary>
internal static class BucketScenarios
{
    private const string Policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/*"}]}""";
    private const string Cors = "<CORSConfiguration><CORSRule><AllowedOrigin>http://example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3</MaxAgeSeconds></CORSRule></CORSConfiguration>";
    private const string Lifecycle = "<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>p/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>";
    private const string Tags = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>";

    public static IEnumerable<WriteScenario> All()
    {
        yield return new WriteScenario("buckets",
        [
            S3Call.Put(null), S3Call.Head(null), S3Call.Put("a", Content(1)), S3Call.Delete(null), S3Call.Delete("a"), S3Call.Delete(null), S3Call.Head(null), S3Call.Delete(null), S3Call.Get("a"), S3Call.Put("a", Content(1)),
            S3Call.Put(null).WithText("<CreateBucketConfiguration><LocationConstraint>nowhere</LocationConstraint></CreateBucketConfiguration>"), S3Call.Put(null).WithText("nonsense"), S3Call.Put(null).With("x-amz-acl", "nonsense"),
            S3Call.Put(null).WithText("<CreateBucketConfiguration><LocationConstraint>default</LocationConstraint></CreateBucketConfiguration>"), S3Call.Put(null).With("x-amz-acl", "private"), S3Call.Get(null, "location"), S3Call.Get(null),
        ]);
        yield return new WriteScenario("CORS",
        [
            S3Call.Put(null, query: "cors").WithText(Cors).With("Content-MD5", S3Call.DigestOfBody), S3Call.Get(null, "cors"), S3Call.Put("a", Content(1)), S3Call.Get("a"), S3Call.Get("a").With("Origin", "http://example.com"),
            S3Call.Get("a").With("Origin", "http://elsewhere.com"), S3Call.Head("a").With("Origin", "http://example.com"), S3Call.Get("a"), S3Call.Put("a", Content(2)).With("Origin", "http://example.com"),
            S3Call.Delete(null, "cors"), S3Call.Get(null, "cors"), S3Call.Get("a").With("Origin", "http://example.com"), S3Call.Put(null, query: "cors").WithText("nonsense"), S3Call.Put(null, query: "cors").WithText("<CORSConfiguration/>"),
        ]);
        yield return new WriteScenario("bucket policy",
        [
            S3Call.Put(null, query: "policy").WithText(Policy), S3Call.Get(null, "policy"), S3Call.Get(null, "policyStatus"), S3Call.Put(null, query: "policy").WithText("{"), S3Call.Put(null, query: "policy"), S3Call.Delete(null, "policy"), S3Call.Get(null, "policy"),
        ]);
        yield return new WriteScenario("configuration of a bucket",
        [
            S3Call.Put(null, query: "lifecycle").WithText(Lifecycle).With("Content-MD5", S3Call.DigestOfBody), S3Call.Get(null, "lifecycle"), S3Call.Put(null, query: "lifecycle").WithText("nonsense").With("Content-MD5", S3Call.DigestOfBody),
            S3Call.Put(null, query: "lifecycle").WithText(Lifecycle), S3Call.Delete(null, "lifecycle"), S3Call.Get(null, "lifecycle"), S3Call.Put(null, query: "tagging").WithText(Tags), S3Call.Get(null, "tagging"), S3Call.Delete(null, "tagging"),
            S3Call.Get(null, "tagging"), S3Call.Put(null, query: "tagging").WithText("nonsense"), S3Call.Put(null, query: "acl").With("x-amz-acl", "public-read"), S3Call.Get(null, "acl"), S3Call.Put(null, query: "acl").WithText("nonsense"),
            S3Call.Put(null, query: "website").WithText("<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>"), S3Call.Get(null, "website"), S3Call.Delete(null, "website"),
            S3Call.Put(null, query: "requestPayment").WithText("<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>"), S3Call.Get(null, "requestPayment"),
            S3Call.Put(null, query: "publicAccessBlock").WithText("<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"), S3Call.Get(null, "publicAccessBlock"), S3Call.Delete(null, "publicAccessBlock"),
            S3Call.Put(null, query: "object-lock").WithText("<ObjectLockConfiguration/>"), S3Call.Put(null, query: "encryption").WithText("<ServerSideEncryptionConfiguration/>"), S3Call.Put(null, query: "logging").WithText("<BucketLoggingStatus/>"),
            S3Call.Put(null, query: "notification").WithText("<NotificationConfiguration/>"), S3Call.Put(null, query: "replication").WithText("<ReplicationConfiguration/>"), S3Call.Delete(null, "versioning"), S3Call.Put(null, query: "nonsense"),
        ]);
    }

    private static byte[] Content(int seed) => ReadObjects.Content(500 + seed, seed);
}
