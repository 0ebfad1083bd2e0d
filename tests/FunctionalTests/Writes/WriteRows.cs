namespace S3Proxy.FunctionalTests.Writes;

/// <summary>The table: a row for each mutating operation of S3 (requirements I1 to I3).</summary>
internal static class WriteRows
{
    private static readonly HttpMethod Put = HttpMethod.Put;
    private static readonly HttpMethod Post = HttpMethod.Post;
    private static readonly HttpMethod Delete = HttpMethod.Delete;

    public static IReadOnlyList<WriteRow> All => [.. OfObjects(), .. OfUploads(), .. OfSubResources(), .. OfBuckets()];

    private static IEnumerable<WriteRow> OfObjects() =>
    [
        new("PutObject", Put) { Prepare = static (_, _) => Ready(new WriteRequest { Body = "written" }) },
        new("CopyObject", Put) { Prepare = static (bench, _) => Ready(WriteRequest.With("x-amz-copy-source", $"{bench.Bucket}/{bench.PutOther()}")) },
        new("CopyObject onto itself", Put)
        {
            Prepare = static (bench, key) => Ready(new WriteRequest
            {
                Headers = new Dictionary<string, string>
                {
                    ["x-amz-copy-source"] = $"{bench.Bucket}/{key}",
                    ["x-amz-metadata-directive"] = "REPLACE",
                    ["x-amz-meta-state"] = "replaced",
                },
            }),
        },
        new("DeleteObject", Delete),
        new("DeleteObject versionId", Delete)
        {
            Prepare = static (bench, key) => Ready(new WriteRequest { Query = "versionId=" + bench.Proxy.Origin.FindObject(bench.Bucket, key)!.VersionId }),
        },
        new("DeleteObjects", Post, "delete=") { OnBucket = true, Prepare = static (_, key) => Ready(WriteRequest.Document($"<Delete><Object><Key>{key}</Key></Object></Delete>")) },
        new("DeleteObjects quiet", Post, "delete=")
        {
            OnBucket = true,
            Prepare = static (_, key) => Ready(WriteRequest.Document($"<Delete><Quiet>true</Quiet><Object><Key>{key}</Key></Object></Delete>")),
        },
        new("DeleteObjects among others", Post, "delete=")
        {
            OnBucket = true,
            Prepare = static (_, key) => Ready(WriteRequest.Document(
                $"<Delete><Object><Key>missing</Key></Object><Object><Key>{key}</Key></Object><Object><Key>missing</Key><VersionId>null</VersionId></Object></Delete>")),
        },
        new("DeleteObjects entities", Post, "delete=")
        {
            OnBucket = true,
            Prepare = static (_, key) => Ready(WriteRequest.Document(
                $"<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>&#x{(int)key[0]:x};{key[1..]}</Key></Object></Delete>")),
        },
        new("DeleteObjects CDATA", Post, "delete=")
        {
            OnBucket = true,
            Prepare = static (_, key) => Ready(WriteRequest.Document($"<Delete><Object><Key><![CDATA[{key}]]></Key></Object></Delete>")),
        },
        new("DeleteObjects version", Post, "delete=")
        {
            OnBucket = true,
            Prepare = static (bench, key) => Ready(WriteRequest.Document(
                $"<Delete><Object><Key>{key}</Key><VersionId>{bench.Proxy.Origin.FindObject(bench.Bucket, key)!.VersionId}</VersionId></Object></Delete>")),
        },
    ];

    private static IEnumerable<WriteRow> OfUploads() =>
    [
        new("CompleteMultipartUpload", Post)
        {
            Prepare = static async (bench, key) =>
            {
                (string uploadId, string etag) = await bench.StartUploadAsync(key);
                return new WriteRequest
                {
                    Query = "uploadId=" + uploadId,
                    Body = $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>",
                };
            },
        },
        new("CreateMultipartUpload", Post, "uploads=") { ChangesReads = false },
        new("UploadPart", Put)
        {
            ChangesReads = false,
            Prepare = static async (bench, key) => new WriteRequest { Query = $"partNumber=2&uploadId={(await bench.StartUploadAsync(key)).UploadId}", Body = "part" },
        },
        new("UploadPartCopy", Put)
        {
            ChangesReads = false,
            Prepare = static async (bench, key) =>
                WriteRequest.With("x-amz-copy-source", $"{bench.Bucket}/{bench.PutOther()}") with { Query = $"partNumber=2&uploadId={(await bench.StartUploadAsync(key)).UploadId}" },
        },
        new("AbortMultipartUpload", Delete)
        {
            ChangesReads = false,
            Prepare = static async (bench, key) => new WriteRequest { Query = $"uploadId={(await bench.StartUploadAsync(key)).UploadId}" },
        },
    ];

    private static IEnumerable<WriteRow> OfSubResources() =>
    [
        // Who may read, or headers of reads: tagging count, lock, restore state.
        StandIn("PutObjectAcl", Put, "acl=", 200),
        StandIn("PutObjectTagging", Put, "tagging=", 200),
        StandIn("DeleteObjectTagging", Delete, "tagging=", 204),
        StandIn("PutObjectRetention", Put, "retention=", 200),
        StandIn("PutObjectLegalHold", Put, "legal-hold=", 200),
        StandIn("RestoreObject", Post, "restore=", 202),
        StandIn("An unknown sub-resource", Put, "somethingNew=", 200),
        StandIn("SelectObjectContent", Post, "select=&select-type=2", 200) with { ChangesReads = false },
    ];

    private static IEnumerable<WriteRow> OfBuckets()
    {
        // Who may read what there is, and what the headers of reads tell.
        (string Name, HttpMethod Method, string Query)[] changing =
        [
            ("CreateBucket", Put, ""), ("DeleteBucket", Delete, ""), ("PutBucketAcl", Put, "acl="), ("PutBucketPolicy", Put, "policy="),
            ("DeleteBucketPolicy", Delete, "policy="), ("PutPublicAccessBlock", Put, "publicAccessBlock="), ("DeletePublicAccessBlock", Delete, "publicAccessBlock="),
            ("PutBucketOwnershipControls", Put, "ownershipControls="), ("PutBucketVersioning", Put, "versioning="), ("PutBucketLifecycle", Put, "lifecycle="),
            ("DeleteBucketLifecycle", Delete, "lifecycle="), ("PutBucketRequestPayment", Put, "requestPayment="), ("PutBucketCors", Put, "cors="),
            ("PutBucketTagging", Put, "tagging="), ("An unknown setting", Put, "somethingNew="),
        ];

        // New objects, other buckets, other ways of access.
        string[] idle = ["accelerate", "analytics", "encryption", "intelligent-tiering", "inventory", "logging", "metrics", "notification", "object-lock", "replication", "website"];
        return
        [
            .. changing.Select(row => StandIn(row.Name, row.Method, row.Query, 200) with { OnBucket = true }),
            .. idle.Select(setting => StandIn("PutBucket " + setting, Put, setting + "=", 200) with { OnBucket = true, ChangesReads = false }),
        ];
    }

    private static WriteRow StandIn(string name, HttpMethod method, string query, int status) => new(name, method, query) { StandInStatus = status };

    private static Task<WriteRequest> Ready(WriteRequest request) => Task.FromResult(request);
}
