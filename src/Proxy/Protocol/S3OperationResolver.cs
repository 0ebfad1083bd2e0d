using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;

namespace S3Proxy.Protocol;

/// <summary>
/// Tells operations apart by method, sub-resource and headers (S3 API Reference, "Actions"). A name without a value that the table does not
/// know counts as a sub-resource of its own: S3 grows new ones, and an answer to one must never be taken for the object.
/// </summary>
internal static class S3OperationResolver
{
    private static readonly FrozenSet<string> SubResources = FrozenSet.Create(
        StringComparer.Ordinal,
        "accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "intelligent-tiering", "inventory", "legal-hold",
        "lifecycle", "location", "logging", "metadataConfiguration", "metadataInventoryTable", "metadataJournalTable", "metadataTable",
        "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "renameObject",
        "replication", "requestPayment", "restore", "retention", "select", "session", "tagging", "torrent", "uploadId", "uploads",
        "versioning", "versions", "website");

    // Names without effect on which operation is meant, which some clients send without a value.
    private static readonly FrozenSet<string> Neutral = FrozenSet.Create(
        StringComparer.Ordinal,
        "continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker", "list-type", "marker", "max-keys", "max-parts",
        "max-uploads", "part-number-marker", "partNumber", "prefix", "start-after", "upload-id-marker", "version-id-marker", "versionId",
        "x-id");

    private static readonly S3Error ConflictError =
        new(S3ErrorCode.InvalidArgument, "Conflicting query string parameters: a request may name one sub-resource only.");

    private static readonly S3Error MethodError =
        new(S3ErrorCode.MethodNotAllowed, "The specified method is not allowed against this resource.");

    private static readonly S3Error SessionError =
        new(S3ErrorCode.NotImplemented, "CreateSession and RenameObject of directory buckets are not supported by this proxy.");

    private static readonly S3Error FormError =
        new(S3ErrorCode.PreconditionFailed, "Bucket POST must be of the enclosure-type multipart/form-data.");

    /// <summary>The operation, or the error when there is none.</summary>
    public static S3Operation? Resolve(
        string method, bool hasBucket, bool hasKey, S3Query query, IHeaderDictionary headers, out S3Error? error)
    {
        if (!TryFindSubResource(query, out string? subResource))
        {
            error = ConflictError;
            return null;
        }

        if (subResource is "session" or "renameObject")
        {
            error = SessionError;
            return null;
        }

        S3Operation? operation;
        if (!hasBucket)
        {
            operation = HttpMethods.IsGet(method) && subResource is null ? S3Operation.ListBuckets : null;
        }
        else if (hasKey)
        {
            operation = OnObject(method, subResource, query, headers);
        }
        else
        {
            operation = OnBucket(method, subResource, query, headers);
        }

        bool isBareBucketPost = operation is null && hasBucket && !hasKey && HttpMethods.IsPost(method) && subResource is null;
        error = operation is not null ? null : isBareBucketPost ? FormError : MethodError;
        return operation;
    }

    // False when two are named: which of them the origin would obey is its own choice, and a grant may have been checked for the other.
    private static bool TryFindSubResource(S3Query query, out string? subResource)
    {
        subResource = null;
        string? unknown = null;
        for (int i = 0; i < query.Items.Count; i++)
        {
            (string name, string value) = query.Items[i];
            if (SubResources.Contains(name))
            {
                if (subResource is not null)
                {
                    return false;
                }

                subResource = name;
            }
            else if (value.Length == 0 && !IsNeutral(name))
            {
                unknown = name;
            }
        }

        subResource ??= unknown;
        return true;
    }

    private static bool IsNeutral(string name) =>
        Neutral.Contains(name)
        || name.StartsWith("response-", StringComparison.Ordinal)
        || name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase);

    private static S3Operation? OnObject(string method, string? subResource, S3Query query, IHeaderDictionary headers) => method switch
    {
        "GET" => subResource switch
        {
            null => S3Operation.GetObject,
            "uploadId" => S3Operation.ListParts,
            _ => S3Operation.OtherObjectRead,
        },
        "HEAD" => subResource is null ? S3Operation.HeadObject : S3Operation.OtherObjectRead,
        "PUT" => OnObjectPut(subResource, query.Has("partNumber"), headers.ContainsKey(S3Headers.CopySource)),
        "POST" => subResource switch
        {
            "uploads" => S3Operation.CreateMultipartUpload,
            "uploadId" => S3Operation.CompleteMultipartUpload,
            "select" => S3Operation.OtherObjectRead,
            "restore" => S3Operation.OtherObjectWrite,
            _ => null,
        },
        "DELETE" => subResource switch
        {
            null => S3Operation.DeleteObject,
            "uploadId" => S3Operation.AbortMultipartUpload,
            _ => S3Operation.OtherObjectWrite,
        },
        _ => null,
    };

    // An upload id without a part number, or the other way round, is no part: it counts as a write of the object, which invalidates.
    private static S3Operation OnObjectPut(string? subResource, bool hasPartNumber, bool isCopy) => subResource switch
    {
        "uploadId" when hasPartNumber => isCopy ? S3Operation.UploadPartCopy : S3Operation.UploadPart,
        null or "uploadId" => isCopy ? S3Operation.CopyObject : S3Operation.PutObject,
        _ => S3Operation.OtherObjectWrite,
    };

    private static S3Operation? OnBucket(string method, string? subResource, S3Query query, IHeaderDictionary headers) => method switch
    {
        "GET" => subResource switch
        {
            null => query.Find("list-type") is "2" ? S3Operation.ListObjectsV2 : S3Operation.ListObjects,
            "versions" => S3Operation.ListObjectVersions,
            "uploads" => S3Operation.ListMultipartUploads,
            _ => S3Operation.OtherBucketRead,
        },
        "HEAD" => subResource is null ? S3Operation.HeadBucket : S3Operation.OtherBucketRead,
        "PUT" => subResource is null ? S3Operation.CreateBucket : S3Operation.OtherBucketWrite,
        "POST" => subResource switch
        {
            null => IsForm(headers) ? S3Operation.PostObject : null,
            "delete" => S3Operation.DeleteObjects,
            _ => S3Operation.OtherBucketWrite,
        },
        "DELETE" => subResource is null ? S3Operation.DeleteBucket : S3Operation.OtherBucketWrite,
        _ => null,
    };

    private static bool IsForm(IHeaderDictionary headers) =>
        MediaTypeHeaderValue.TryParse(headers.ContentType.ToString(), out MediaTypeHeaderValue? type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
}
