using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.Configuration;

/// <summary>
/// Names the place where an origin's objects are (decision 0018): <c>NAME@DIGEST</c>, or <c>NAME@IDENTITY</c> where the configuration says that it is the same place whatever its endpoints.
/// </summary>
internal static class OriginIdentity
{
    private const char Separator = '@';
    private const int DigestBytes = 9;

    /// <summary>The identity of an origin.</summary>
    /// <param name="origin">Its name, endpoints, region, addressing and kind of credentials count; keys do not, so that they can be replaced.</param>
    /// <param name="declared"><c>origins.*.identity</c>; null where the endpoints tell.</param>
    /// <param name="isJudgedByOrigin">True where clients' own signatures reach it: what it told them is not what it tells the proxy.</param>
    public static string Of(OriginConfiguration origin, string? declared, bool isJudgedByOrigin)
    {
        if (declared is not null)
        {
            return $"{origin.Name}{Separator}{declared}{(isJudgedByOrigin ? ".p" : "")}";
        }

        IEnumerable<string> endpoints = origin.Endpoints.Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority)).Order(StringComparer.Ordinal);
        string place = string.Join(
            '\n', [origin.Region, origin.Addressing.ToString(), origin.Credentials.Source.ToString(), isJudgedByOrigin ? "passthrough" : "", .. endpoints]);
        return $"{origin.Name}{Separator}{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(place)).AsSpan(0, DigestBytes))}";
    }

    /// <summary>The name in an identity, and what follows a space; for people.</summary>
    public static string NameOf(string identity)
    {
        int from = identity.IndexOf(Separator, StringComparison.Ordinal);
        if (from < 0)
        {
            return identity;
        }

        int to = identity.IndexOf(' ', from);
        return to < 0 ? identity[..from] : identity[..from] + identity[to..];
    }
}
