using System.Collections.Frozen;
using S3Proxy.Protocol;

namespace S3Proxy.Invalidation;

/// <summary>The one table from operation to <see cref="WriteScope"/>.</summary>
internal static class WriteScopes
{
    /// <summary>
    /// Settings of a bucket that change neither an object there is nor who may read it. All others do, unknown ones too: policy, ACL, ownership, public access block and
    /// request payment decide who may read, versioning, lifecycle, CORS and tags what headers tell.
    /// </summary>
    private static readonly FrozenSet<string> IdleSettings = FrozenSet.Create(
        StringComparer.Ordinal,
        "accelerate", "analytics", "encryption", "intelligent-tiering", "inventory", "logging", "metadataConfiguration", "metadataInventoryTable",
        "metadataJournalTable", "metadataTable", "metrics", "notification", "object-lock", "replication", "website");

    public static WriteScope Of(S3Request request) => request.Operation switch
    {
        S3Operation.PutObject or S3Operation.CopyObject or S3Operation.DeleteObject or S3Operation.CompleteMultipartUpload
            or S3Operation.OtherObjectWrite => WriteScope.Object,
        S3Operation.DeleteObjects or S3Operation.PostObject => WriteScope.ObjectsInBody,
        S3Operation.CreateBucket or S3Operation.DeleteBucket => WriteScope.Bucket,
        S3Operation.OtherBucketWrite => NamesIdleSetting(request.Query) ? WriteScope.None : WriteScope.Bucket,
        S3Operation.GetObject or S3Operation.HeadObject or S3Operation.OtherObjectRead or S3Operation.ListParts or S3Operation.ListBuckets
            or S3Operation.ListObjects or S3Operation.ListObjectsV2 or S3Operation.ListObjectVersions or S3Operation.ListMultipartUploads
            or S3Operation.HeadBucket or S3Operation.OtherBucketRead => WriteScope.None,
        S3Operation.CreateMultipartUpload or S3Operation.UploadPart or S3Operation.UploadPartCopy or S3Operation.AbortMultipartUpload => WriteScope.None,
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Operation, "Not in the table; add what it changes."),
    };

    private static bool NamesIdleSetting(S3Query query)
    {
        for (int i = 0; i < query.Items.Count; i++)
        {
            if (IdleSettings.Contains(query.Items[i].Key))
            {
                return true;
            }
        }

        return false;
    }
}
