namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>Tells the operation from method, target and sub-resource.</summary>
internal static class OperationTable
{
    /// <summary>Sub-resources that name operations the origin does not have; without this list they would be taken for plain reads and writes.</summary>
    private static readonly string[] Unsupported =
    [
        "accelerate", "acl", "analytics", "attributes", "cors", "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle",
        "logging", "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "replication",
        "requestPayment", "restore", "retention", "select", "session", "tagging", "torrent", "versions", "website",
    ];

    public static OriginOperation Resolve(string method, RequestTarget target, bool hasCopySource)
    {
        if (target.Query.All.Any(static parameter => Unsupported.Contains(parameter.Key)))
        {
            return OriginOperation.Unknown;
        }

        return target switch
        {
            { Bucket: null } => method == "GET" ? OriginOperation.ListBuckets : OriginOperation.Unknown,
            { Key: null } => ResolveBucket(method, target.Query),
            _ => ResolveObject(method, target.Query, hasCopySource),
        };
    }

    private static OriginOperation ResolveBucket(string method, QueryParameters query) => method switch
    {
        "GET" when query.Has("location") => OriginOperation.GetBucketLocation,
        "GET" when query.Has("versioning") => OriginOperation.GetBucketVersioning,
        "GET" when query.Has("uploads") => OriginOperation.ListMultipartUploads,
        "GET" when query["list-type"] == "2" => OriginOperation.ListObjectsV2,
        "GET" => OriginOperation.ListObjects,
        "HEAD" => OriginOperation.HeadBucket,
        "PUT" when query.Has("versioning") => OriginOperation.PutBucketVersioning,
        "PUT" => OriginOperation.CreateBucket,
        "DELETE" => OriginOperation.DeleteBucket,
        "POST" when query.Has("delete") => OriginOperation.DeleteObjects,
        _ => OriginOperation.Unknown,
    };

    private static OriginOperation ResolveObject(string method, QueryParameters query, bool hasCopySource) => method switch
    {
        "GET" when query.Has("uploadId") => OriginOperation.ListParts,
        "GET" => OriginOperation.GetObject,
        "HEAD" => OriginOperation.HeadObject,
        "PUT" when query.Has("uploadId") => hasCopySource ? OriginOperation.UploadPartCopy : OriginOperation.UploadPart,
        "PUT" => hasCopySource ? OriginOperation.CopyObject : OriginOperation.PutObject,
        "DELETE" when query.Has("uploadId") => OriginOperation.AbortMultipartUpload,
        "DELETE" => OriginOperation.DeleteObject,
        "POST" when query.Has("uploads") => OriginOperation.CreateMultipartUpload,
        "POST" when query.Has("uploadId") => OriginOperation.CompleteMultipartUpload,
        _ => OriginOperation.Unknown,
    };
}
