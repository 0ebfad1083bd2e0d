using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace S3Proxy.Admin;

/// <summary>Compares the bearer token of requests (RFC 6750 section 2.1) with the one that is asked for.</summary>
/// <remarks>Thread-safe. Digests are compared, in constant time, so that neither the token nor its length can be found by timing.</remarks>
internal sealed class BearerCheck(AdminAccess access)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _expectedDigest = access.Token is { } token ? DigestOf(token) : null;

    /// <summary>Whether a request with these Authorization headers may go on. More than one is refused.</summary>
    public bool Allows(StringValues authorization)
    {
        if (_expectedDigest is null)
        {
            return true;
        }

        return authorization is [{ } value]
            && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(DigestOf(value[Scheme.Length..].Trim(' ')), _expectedDigest);
    }

    /// <summary>Whether this is the token; false when none is asked for.</summary>
    public bool AllowsToken(string token) => _expectedDigest is not null && CryptographicOperations.FixedTimeEquals(DigestOf(token), _expectedDigest);

    private static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
