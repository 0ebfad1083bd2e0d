using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Auth;

/// <summary>
/// Tells whether someone may do what a request asks (requirement A2). Every request is asked about, a follower and a hit too, and the
/// answer depends on nothing but the grants, so a refusal tells nothing about the object. Pure and thread-safe.
/// </summary>
internal static class Authorizer
{
    private const string AnyBucket = "*";

    /// <summary>Null when allowed, otherwise the refusal.</summary>
    public static S3Error? Authorize(Identity identity, S3Request request)
    {
        if (identity.IsJudgedByOrigin)
        {
            return null;
        }

        if (identity.Key is not { } key)
        {
            return !IsPublicRead(request.Operation) ? AuthErrors.Denied : OverridesHeaders(request.Query) ? AuthErrors.AnonymousOverride : null;
        }

        bool isAllowed = MayDoOperation(key, request)
            && (request.CopySource is not { } source || Holds(key, source.Bucket, S3Actions.Read, source.Key.Value));
        return isAllowed ? null : AuthErrors.Denied;
    }

    /// <summary>
    /// Null when <paramref name="identity"/> may do <paramref name="action"/> to one key. DeleteObjects asks this for every key of its
    /// body, after <see cref="Authorize"/> allowed the request as such.
    /// </summary>
    public static S3Error? AuthorizeKey(Identity identity, BucketName bucket, ObjectKey key, S3Actions action)
    {
        bool isAllowed = identity.Key is { } client ? Holds(client, bucket, action, key.Value) : identity.IsJudgedByOrigin || action == S3Actions.Read;
        return isAllowed ? null : AuthErrors.Denied;
    }

    // Public read is reading objects. Their ACL, tags or uploads are not for everyone, as with a bucket policy of s3:GetObject alone.
    private static bool IsPublicRead(S3Operation operation) => operation is S3Operation.GetObject or S3Operation.HeadObject;

    // With somebody else's content type or disposition a public object is not what its owner published (S3 API Reference, GetObject).
    private static bool OverridesHeaders(S3Query query)
    {
        for (int i = 0; i < query.Items.Count; i++)
        {
            if (query.Items[i].Key.StartsWith("response-", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MayDoOperation(ClientKey key, S3Request request)
    {
        S3Actions needed = S3Operations.RequiredActions(request);
        if (request.Bucket is not { } bucket)
        {
            return MayListBuckets(key);
        }

        if (request.Key is { } objectKey)
        {
            return Holds(key, bucket, needed, objectKey.Value);
        }

        return request.Operation switch
        {
            S3Operation.ListObjects or S3Operation.ListObjectsV2 or S3Operation.ListObjectVersions or S3Operation.ListMultipartUploads =>
                Holds(key, bucket, needed, request.Query.Find("prefix") ?? ""),

            // Whether the bucket exists and where: clients ask before they use even a part of it.
            S3Operation.HeadBucket => HoldsAnywhere(key, bucket, needed),
            S3Operation.OtherBucketRead when request.Query.Has("location") => HoldsAnywhere(key, bucket, needed),

            // Each key of the body is asked about by itself.
            S3Operation.DeleteObjects => HoldsAnywhere(key, bucket, needed),

            // The whole bucket is concerned, so only a grant on all its keys will do. A form's key stands in its body.
            _ => Holds(key, bucket, needed, ""),
        };
    }

    private static bool MayListBuckets(ClientKey key)
    {
        foreach (Grant grant in key.Grants)
        {
            if (grant.Bucket is AnyBucket && grant.Actions.HasFlag(S3Actions.List))
            {
                return true;
            }
        }

        return false;
    }

    // Actions add up over all grants that cover the path: a key, or the prefix of a list.
    private static bool Holds(ClientKey key, BucketName bucket, S3Actions needed, string path)
    {
        S3Actions held = S3Actions.None;
        for (int i = 0; i < key.Grants.Count; i++)
        {
            Grant grant = key.Grants[i];
            if (Names(grant, bucket) && path.StartsWith(grant.Prefix, StringComparison.Ordinal))
            {
                held |= grant.Actions;
            }
        }

        return (held & needed) == needed;
    }

    private static bool HoldsAnywhere(ClientKey key, BucketName bucket, S3Actions needed)
    {
        S3Actions held = S3Actions.None;
        for (int i = 0; i < key.Grants.Count; i++)
        {
            Grant grant = key.Grants[i];
            held |= Names(grant, bucket) ? grant.Actions : S3Actions.None;
        }

        return (held & needed) == needed;
    }

    private static bool Names(Grant grant, BucketName bucket) =>
        grant.Bucket is AnyBucket || string.Equals(grant.Bucket, bucket.Value, StringComparison.Ordinal);
}
