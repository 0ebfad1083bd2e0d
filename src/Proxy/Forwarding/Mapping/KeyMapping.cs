using System.Diagnostics.CodeAnalysis;
using System.Text;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// Names on both sides of a route (requirement S1): the client's bucket and keys, and the origin's bucket and prefixed keys.
/// Immutable and thread-safe.
/// </summary>
internal sealed class KeyMapping(BucketRoute route)
{
    private readonly byte[] _prefixUtf8 = Encoding.UTF8.GetBytes(route.Prefix);

    public string Prefix { get; } = route.Prefix;

    public string ClientBucket { get; } = route.ClientBucket.Value;

    public string OriginBucket { get; } = route.OriginBucket;

    /// <summary>Names differ, so that documents must be rewritten.</summary>
    public bool RenamesKeys { get; } = route.RenamesKeys;

    public string ToOrigin(ObjectKey key) => Prefix + key.Value;

    /// <summary>For what is compared with keys but need not be one: list prefixes and markers.</summary>
    public string ToOrigin(string keyLike) => Prefix + keyLike;

    /// <summary>
    /// The client's name of a key (or common prefix). False for names outside the prefix, and for the prefix itself, which would be
    /// the empty key: an object that stands there as a folder marker has no name for the client.
    /// </summary>
    public bool TryToClient(string originKey, [NotNullWhen(true)] out string? clientKey)
    {
        bool isInside = originKey.Length > Prefix.Length && originKey.StartsWith(Prefix, StringComparison.Ordinal);
        clientKey = isInside ? originKey[Prefix.Length..] : null;
        return isInside;
    }

    /// <summary>As <see cref="TryToClient(string, out string?)"/>, on UTF-8.</summary>
    public bool TryToClient(ReadOnlySpan<byte> originKey, out ReadOnlySpan<byte> clientKey)
    {
        bool isInside = originKey.Length > _prefixUtf8.Length && originKey.StartsWith(_prefixUtf8);
        clientKey = isInside ? originKey[_prefixUtf8.Length..] : default;
        return isInside;
    }
}
