using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>Which request headers of a write are kept with the object.</summary>
internal static class ObjectHeaders
{
    private const string UserPrefix = "x-amz-meta-";

    private static readonly string[] System =
    [
        "Content-Type", "Cache-Control", "Content-Encoding", "Content-Language", "Content-Disposition", "Expires",
        "x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption",
    ];

    /// <summary>Headers of a write that mean something the origin would silently not do.</summary>
    private static readonly string[] UnsupportedPrefixes =
    [
        "x-amz-server-side-encryption-customer-", "x-amz-object-lock-", "x-amz-tagging", "x-amz-grant-", "x-amz-write-offset-bytes",
    ];

    public static IReadOnlyDictionary<string, string> From(OriginCall call) => From(
        call.Headers.Select(static header => new KeyValuePair<string, string>(header.Key, header.Value.ToString())));

    /// <summary>Keeps what S3 keeps; names of user metadata become lower-case.</summary>
    public static IReadOnlyDictionary<string, string> From(IEnumerable<KeyValuePair<string, string>> headers)
    {
        Dictionary<string, string> kept = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in headers)
        {
            if (name.StartsWith(UserPrefix, StringComparison.OrdinalIgnoreCase))
            {
                kept[name.ToLowerInvariant()] = value;
            }
            else if (System.Contains(name, StringComparer.OrdinalIgnoreCase) && value.Length > 0)
            {
                kept[name] = value;
            }
        }

        return kept;
    }

    /// <summary>The checksums sent along, which were verified when the body was read.</summary>
    public static IReadOnlyDictionary<string, string> ChecksumsFrom(OriginCall call)
    {
        Dictionary<string, string> kept = new(StringComparer.OrdinalIgnoreCase);
        foreach (string algorithm in Checksums.Algorithms)
        {
            if (call.Header(Checksums.HeaderPrefix + algorithm) is { } value)
            {
                kept[Checksums.HeaderPrefix + algorithm] = value;
                kept["x-amz-checksum-type"] = "FULL_OBJECT";
            }
        }

        return kept;
    }

    public static OriginResponse? RefuseUnsupported(OriginCall call)
    {
        string? unsupported = call.Headers.Keys.FirstOrDefault(
            static name => UnsupportedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
        return unsupported is null ? null : call.Error(OriginErrorCode.NotImplemented, $"The header {unsupported} is not implemented here.");
    }
}
