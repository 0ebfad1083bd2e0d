namespace S3Proxy.Protocol;

/// <summary>
/// The S3 operation a request asks for, told from method, path shape and sub-resource query
/// (Amazon S3 API Reference, "Actions"). Operations that the proxy treats alike share an <c>Other…</c> value.
/// </summary>
internal enum S3Operation
{
    GetObject,
    HeadObject,
    PutObject,
    CopyObject,
    DeleteObject,
    DeleteObjects,
    PostObject,

    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,

    /// <summary>GET with an object sub-resource: tagging, acl, attributes, retention, legal-hold, torrent.</summary>
    OtherObjectRead,

    /// <summary>PUT, POST or DELETE with an object sub-resource; may change what a read of the object answers.</summary>
    OtherObjectWrite,

    ListBuckets,
    ListObjects,
    ListObjectsV2,
    ListObjectVersions,
    ListMultipartUploads,
    HeadBucket,
    CreateBucket,
    DeleteBucket,

    /// <summary>GET with a bucket sub-resource: location, versioning, policy, …</summary>
    OtherBucketRead,

    /// <summary>PUT, POST or DELETE with a bucket sub-resource.</summary>
    OtherBucketWrite,
}
