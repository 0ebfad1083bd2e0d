using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.Caching.Redis;

/// <summary>Names of keys and channels (decision 0015). Immutable.</summary>
/// <param name="space"><c>cache.redis.namespace</c>.</param>
/// <param name="cluster"><c>cache.redis.cluster</c>: replicas with the same name act as one.</param>
internal sealed class RedisKeys(string space, string cluster)
{
    /// <summary>Bytes of an identity.</summary>
    public const int IdentityBytes = 32;

    private const int TagBytes = 16;
    private readonly string _prefix = $"{space}:{cluster}:";

    /// <summary>Members, incarnation and purged scopes.</summary>
    public string Members => _prefix + "members";

    /// <summary>Heard by all replicas.</summary>
    public string AllChannel => _prefix + "all";

    /// <summary>Heard by one replica.</summary>
    public string ReplicaChannel(string replica) => $"{_prefix}r:{replica}";

    /// <summary>What replicas share about an object. The braces make its tag the hash tag of Redis Cluster.</summary>
    public string Object(string tag) => $"{_prefix}o:{{{tag}}}";

    /// <summary>The bytes of a slice.</summary>
    public string Slice(string versionTag, int index) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}s:{versionTag}:{index}");

    /// <summary>What names an object in keys and messages: 22 characters.</summary>
    public static string TagOf(ObjectId id) => Tag(Identity(id));

    /// <summary>What names a version in keys and messages: 22 characters.</summary>
    public static string TagOf(ObjectVersion version, int sliceBytes) => Tag(Identity(version, sliceBytes));

    /// <summary>SHA-256 of what an object is, for records: two objects never share it.</summary>
    public static byte[] Identity(ObjectId id) => Hash(id.Origin, id.Bucket, id.Key);

    /// <summary>SHA-256 of what a version is and how it is cut.</summary>
    public static byte[] Identity(ObjectVersion version, int sliceBytes) => Hash(
        version.Id.Origin, version.Id.Bucket, version.Id.Key, version.ETag, version.VersionId,
        version.SizeBytes.ToString(CultureInfo.InvariantCulture), sliceBytes.ToString(CultureInfo.InvariantCulture));

    /// <summary>What names an identity in keys and messages: 22 characters.</summary>
    public static string Tag(ReadOnlySpan<byte> identity) => Base64Url.EncodeToString(identity[..TagBytes]);

    /// <summary>Each part with its length before it, so that no two lists of parts are the same bytes.</summary>
    private static byte[] Hash(params ReadOnlySpan<string?> parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? part in parts)
        {
            byte[] bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
