using System.Net;
using S3Proxy.Protocol;

namespace S3Proxy.Events;

/// <summary>What the names and keys in notifications mean.</summary>
internal static class EventNames
{
    private const string Namespace = "s3:";

    /// <summary>After which the object, its metadata, or who may read it is not what it was. AWS, MinIO and Ceph each have some of them.</summary>
    private static readonly string[] Changes =
    [
        "ObjectCreated", "ObjectRemoved", "ObjectRestore", "ObjectTagging", "ObjectAcl", "ObjectLifecycle", "ObjectSynced", "ObjectTransition", "ObjectStorageClassChanged",
        "LifecycleExpiration", "LifecycleTransition", "LifecycleDelMarkerExpiration", "ReducedRedundancyLostObject", "IntelligentTiering",
    ];

    /// <summary>What <c>ObjectCreated:Put</c>, or <c>s3:ObjectCreated:Put</c>, tells.</summary>
    public static EventKind KindOf(string name)
    {
        ReadOnlySpan<char> plain = name.StartsWith(Namespace, StringComparison.Ordinal) ? name.AsSpan(Namespace.Length) : name;
        int colon = plain.IndexOf(':');
        ReadOnlySpan<char> family = colon < 0 ? plain : plain[..colon];
        foreach (string change in Changes)
        {
            if (family.SequenceEqual(change))
            {
                return EventKind.ObjectChanged;
            }
        }

        return family is "BucketRemoved" ? EventKind.BucketRemoved : EventKind.Other;
    }

    /// <summary>
    /// The keys that a written one may mean: decoded as a form is, which AWS and MinIO write, and as it stands, which EventBridge, Ceph and others write. Which of the two a sender follows has changed between
    /// versions; to forget one object too many does no harm. Empty when it is no key either way.
    /// </summary>
    public static IReadOnlyList<string> KeysOf(string written)
    {
        string decoded = WebUtility.UrlDecode(written);
        List<string> keys = [];
        if (ObjectKey.TryParse(decoded, out _))
        {
            keys.Add(decoded);
        }

        if (!string.Equals(decoded, written, StringComparison.Ordinal) && ObjectKey.TryParse(written, out _))
        {
            keys.Add(written);
        }

        return keys;
    }
}
