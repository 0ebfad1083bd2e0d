using System.Buffers.Text;
using System.Security.Cryptography;

namespace S3Proxy.Fleet;

/// <summary>Random names: of replicas, incarnations, epochs and writes. 96 bits, so that two never meet; base64url, so that they hold neither <c>|</c> nor <c>,</c>.</summary>
internal static class FleetTokens
{
    private const int TokenBytes = 12;

    /// <summary>A name that was never given before: 16 characters.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
}
