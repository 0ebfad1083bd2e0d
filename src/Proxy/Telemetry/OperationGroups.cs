using S3Proxy.Protocol;

namespace S3Proxy.Telemetry;

/// <summary>Groups of operations, and their one spelling.</summary>
internal static class OperationGroups
{
    /// <summary>The group of an operation.</summary>
    public static OperationGroup Of(S3Operation operation) => operation switch
    {
        S3Operation.GetObject => OperationGroup.Get,
        S3Operation.HeadObject => OperationGroup.Head,
        S3Operation.PutObject or S3Operation.PostObject => OperationGroup.Put,
        S3Operation.CopyObject => OperationGroup.Copy,
        S3Operation.DeleteObject or S3Operation.DeleteObjects => OperationGroup.Delete,
        S3Operation.CreateMultipartUpload or S3Operation.UploadPart or S3Operation.UploadPartCopy or S3Operation.CompleteMultipartUpload
            or S3Operation.AbortMultipartUpload or S3Operation.ListParts or S3Operation.ListMultipartUploads => OperationGroup.Multipart,
        S3Operation.ListBuckets or S3Operation.ListObjects or S3Operation.ListObjectsV2 or S3Operation.ListObjectVersions => OperationGroup.List,
        _ => OperationGroup.Other,
    };

    /// <summary>The group as dashboards read it. Allocates nothing.</summary>
    public static string ToWire(this OperationGroup group) => group switch
    {
        OperationGroup.Get => "get",
        OperationGroup.Head => "head",
        OperationGroup.Put => "put",
        OperationGroup.Copy => "copy",
        OperationGroup.Delete => "delete",
        OperationGroup.Multipart => "multipart",
        OperationGroup.List => "list",
        OperationGroup.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "The group has no spelling; add it to the table."),
    };
}
