namespace S3Proxy.Protocol;

/// <summary>What each operation does: the actions a grant must allow and whether it changes anything.</summary>
internal static class S3Operations
{
    /// <summary>
    /// All actions needed. DELETE of a sub-resource shares its operation with PUT; <see cref="RequiredActions(S3Request)"/> tells them
    /// apart.
    /// </summary>
    public static S3Actions RequiredActions(S3Operation operation) => operation switch
    {
        S3Operation.GetObject or S3Operation.HeadObject or S3Operation.OtherObjectRead or S3Operation.ListParts => S3Actions.Read,

        S3Operation.PutObject or S3Operation.CopyObject or S3Operation.PostObject or S3Operation.CreateMultipartUpload
            or S3Operation.UploadPart or S3Operation.UploadPartCopy or S3Operation.CompleteMultipartUpload
            or S3Operation.OtherObjectWrite or S3Operation.CreateBucket or S3Operation.OtherBucketWrite => S3Actions.Write,

        S3Operation.DeleteObject or S3Operation.DeleteObjects or S3Operation.AbortMultipartUpload
            or S3Operation.DeleteBucket => S3Actions.Delete,

        S3Operation.ListBuckets or S3Operation.ListObjects or S3Operation.ListObjectsV2 or S3Operation.ListObjectVersions
            or S3Operation.ListMultipartUploads or S3Operation.HeadBucket or S3Operation.OtherBucketRead => S3Actions.List,

        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not an S3 operation."),
    };

    /// <summary>All actions needed for this request: removal of a setting or sub-resource needs delete, not write.</summary>
    public static S3Actions RequiredActions(S3Request request) =>
        request.Operation is S3Operation.OtherObjectWrite or S3Operation.OtherBucketWrite && HttpMethods.IsDelete(request.Method)
            ? S3Actions.Delete
            : RequiredActions(request.Operation);

    /// <summary>True when the operation may change something at the origin; such requests are never coalesced.</summary>
    public static bool IsMutation(S3Operation operation) => (RequiredActions(operation) & (S3Actions.Write | S3Actions.Delete)) != 0;
}
