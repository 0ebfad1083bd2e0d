using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// Continuation tokens of a renamed bucket. Some servers use the last key itself as the token (Ceph) or its base64 (MinIO), which
/// would show the origin's prefix; so the client gets a form of ours: a tag that tells version and kind, then base64url.
/// The prefix is taken off where it is found and put back on the way in; a token in which it is not found travels wrapped.
/// </summary>
/// <remarks>The wrapping hides and does not seal: who forges a token gains nothing, because the prefix query and the filter of the answer hold.</remarks>
internal static class ContinuationToken
{
    /// <summary>The origin's token without the prefix it began with.</summary>
    private const string KeyTag = "p1k.";

    /// <summary>The origin's token, which is base64, decoded and without the prefix it began with.</summary>
    private const string Base64Tag = "p1b.";

    /// <summary>The origin's token whole.</summary>
    private const string WholeTag = "p1w.";

    /// <summary>Bound on a client's token in characters; the longest S3 key in base64url twice over fits.</summary>
    private const int MaxTokenChars = 8 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The token the client gets for the origin's.</summary>
    public static string ToClient(string originToken, KeyMapping mapping)
    {
        if (mapping.Prefix.Length > 0)
        {
            ReadOnlySpan<byte> prefix = Encoding.UTF8.GetBytes(mapping.Prefix);
            if (originToken.StartsWith(mapping.Prefix, StringComparison.Ordinal))
            {
                return KeyTag + Encode(Encoding.UTF8.GetBytes(originToken[mapping.Prefix.Length..]));
            }

            byte[] decoded = new byte[originToken.Length];
            if (Convert.TryFromBase64String(originToken, decoded, out int length)
                && decoded.AsSpan(0, length).StartsWith(prefix)
                && Convert.ToBase64String(decoded, 0, length) == originToken)
            {
                return Base64Tag + Encode(decoded.AsSpan(prefix.Length..length));
            }
        }

        return WholeTag + Encode(Encoding.UTF8.GetBytes(originToken));
    }

    /// <summary>The origin's token for one that <see cref="ToClient"/> made; false for anything else.</summary>
    public static bool TryToOrigin(string clientToken, KeyMapping mapping, [NotNullWhen(true)] out string? originToken)
    {
        originToken = null;
        if (clientToken.Length is < 4 or > MaxTokenChars || !Base64Url.IsValid(clientToken.AsSpan(KeyTag.Length)))
        {
            return false;
        }

        string tag = clientToken[..KeyTag.Length];
        byte[] payload = Base64Url.DecodeFromChars(clientToken.AsSpan(KeyTag.Length));
        if (tag == Base64Tag)
        {
            originToken = Convert.ToBase64String([.. Encoding.UTF8.GetBytes(mapping.Prefix), .. payload]);
            return true;
        }

        try
        {
            originToken = tag switch
            {
                KeyTag => mapping.Prefix + StrictUtf8.GetString(payload),
                WholeTag => StrictUtf8.GetString(payload),
                _ => null,
            };
        }
        catch (DecoderFallbackException)
        {
            // The framework's way to say that the payload is not UTF-8.
        }

        return originToken is not null;
    }

    private static string Encode(ReadOnlySpan<byte> payload) => Base64Url.EncodeToString(payload);
}
