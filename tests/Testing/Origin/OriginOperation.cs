namespace S3Proxy.Testing.Origin;

/// <summary>The S3 operations the origin tells apart.</summary>
public enum OriginOperation
{
    /// <summary>Not a request to S3 that the origin knows; answered with 400, 405 or 501.</summary>
    Unknown,
    ListBuckets,
    CreateBucket,
    HeadBucket,
    DeleteBucket,
    GetBucketLocation,
    GetBucketVersioning,
    PutBucketVersioning,
    ListObjects,
    ListObjectsV2,
    DeleteObjects,
    ListMultipartUploads,
    GetObject,
    HeadObject,
    PutObject,
    CopyObject,
    DeleteObject,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,
}
