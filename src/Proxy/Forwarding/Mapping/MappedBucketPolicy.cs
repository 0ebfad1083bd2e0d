using System.Collections.Frozen;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// What cannot be forwarded for a renamed bucket. A prefix-mapped bucket is a part of the origin's: what acts on the whole bucket would
/// reach past the part. Under another name, documents that spell names where the proxy does not rewrite them (policies,
/// notifications, POST forms) would tell the origin's name or mean a bucket the client did not. Lists of what is known to be safe; the rest is refused.
/// </summary>
internal static class MappedBucketPolicy
{
    private static readonly FrozenSet<string> NeutralParameters = FrozenSet.Create(
        StringComparer.Ordinal,
        "x-id",
        "versionId",
        "select-type",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "X-Amz-Content-Sha256");

    /// <summary>Answers hold no names and say nothing about keys outside the prefix.</summary>
    private static readonly FrozenSet<string> PrefixedBucketReads = FrozenSet.Create(StringComparer.Ordinal, "location", "versioning");

    /// <summary>Settings whose documents hold neither bucket names nor ARNs of buckets.</summary>
    private static readonly FrozenSet<string> RenamedBucketSettings = FrozenSet.Create(
        StringComparer.Ordinal,
        "location",
        "versioning",
        "accelerate",
        "acl",
        "cors",
        "encryption",
        "lifecycle",
        "object-lock",
        "ownershipControls",
        "policyStatus",
        "publicAccessBlock",
        "requestPayment",
        "tagging");

    private static readonly FrozenSet<string> ObjectReads =
        FrozenSet.Create(StringComparer.Ordinal, "acl", "attributes", "legal-hold", "retention", "tagging");

    /// <summary>
    /// Without <c>restore</c> and <c>renameObject</c>: the first can name another bucket to write to in its body, the second a key in a header.
    /// </summary>
    private static readonly FrozenSet<string> ObjectWrites =
        FrozenSet.Create(StringComparer.Ordinal, "acl", "legal-hold", "retention", "select", "tagging");

    /// <summary>NotImplemented when <paramref name="request"/> must not reach the origin of <paramref name="route"/>; null when it may.</summary>
    public static S3Error? Refuse(S3Request request, BucketRoute route)
    {
        if (!route.RenamesKeys)
        {
            return null;
        }

        bool hasPrefix = route.Prefix.Length > 0;
        FrozenSet<string> bucketReads = hasPrefix ? PrefixedBucketReads : RenamedBucketSettings;
        return request.Operation switch
        {
            S3Operation.CreateBucket or S3Operation.DeleteBucket when hasPrefix =>
                Refused(request, "it is a part of a larger bucket, which cannot be created or deleted through it"),
            S3Operation.OtherBucketWrite when hasPrefix =>
                Refused(request, "it is a part of a larger bucket, whose settings cannot be changed through it"),
            S3Operation.OtherBucketRead when !HasOnly(request.Query, bucketReads) =>
                Refused(request, $"only the settings {string.Join(", ", bucketReads.Order(StringComparer.Ordinal))} can be read through it"),
            S3Operation.OtherBucketWrite when !HasOnly(request.Query, RenamedBucketSettings) =>
                Refused(request, "settings that name the bucket in their document cannot be changed through it"),
            S3Operation.OtherObjectRead when !HasOnly(request.Query, ObjectReads) =>
                Refused(request, "this sub-resource of an object may tell names that cannot be mapped"),
            S3Operation.OtherObjectWrite when !HasOnly(request.Query, ObjectWrites) =>
                Refused(request, "this sub-resource of an object may write under names that cannot be mapped"),
            _ => null,
        };
    }

    /// <summary>Every parameter must be known, not only one: which sub-resource of several counts is the origin's choice.</summary>
    private static bool HasOnly(S3Query query, FrozenSet<string> subResources)
    {
        bool found = false;
        foreach ((string name, _) in query.Items)
        {
            if (subResources.Contains(name))
            {
                found = true;
            }
            else if (!NeutralParameters.Contains(name))
            {
                return false;
            }
        }

        return found;
    }

    private static S3Error Refused(S3Request request, string reason) => new(
        S3ErrorCode.NotImplemented,
        $"This {request.Method} request is not available on bucket {request.Bucket}, which is mapped to another place at its origin: {reason}.");
}
