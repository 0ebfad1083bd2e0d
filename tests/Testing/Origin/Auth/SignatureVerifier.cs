using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Auth;

/// <summary>
/// Checks SigV4 signatures, in headers and presigned, as S3 does. Written from the specification and independent of the proxy, so that each is a
/// check of the other. Thread-safe.
/// </summary>
internal sealed class SignatureVerifier
{
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    private readonly EmbeddedOriginOptions _options;
    private readonly Dictionary<string, string> _secrets;
    private readonly ConcurrentDictionary<(string AccessKeyId, string Date), byte[]> _signingKeys = new();

    public SignatureVerifier(EmbeddedOriginOptions options)
    {
        _options = options;
        _secrets = options.Credentials.ToDictionary(key => key.AccessKeyId, key => key.SecretAccessKey, StringComparer.Ordinal);
    }

    public AuthDecision Verify(OriginCall call)
    {
        if (_secrets.Count == 0)
        {
            return AuthDecision.Accepted;
        }

        string? authorization = call.Header("Authorization");
        if (authorization is not null)
        {
            return VerifyHeader(call, authorization);
        }

        if (call.Query.Has("X-Amz-Algorithm") || call.Query.Has("X-Amz-Signature"))
        {
            return SignedRequest.TryParseQuery(call.Query, out SignedRequest? signed)
                ? VerifyPresigned(call, signed)
                : AuthDecision.Refused(OriginErrorCode.AuthorizationQueryParametersError);
        }

        return _options.AllowAnonymous
            ? new AuthDecision(null, IsAnonymous: true)
            : AuthDecision.Refused(OriginErrorCode.AccessDenied);
    }

    private AuthDecision VerifyHeader(OriginCall call, string authorization)
    {
        if (!authorization.StartsWith(SignedRequest.Algorithm, StringComparison.Ordinal))
        {
            return AuthDecision.Refused(
                OriginErrorCode.InvalidRequest, "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }

        if (!SignedRequest.TryParseHeader(authorization, call, out SignedRequest? signed))
        {
            return AuthDecision.Refused(OriginErrorCode.AuthorizationHeaderMalformed);
        }

        if (call.Header("x-amz-content-sha256") is not { } payloadHash)
        {
            return AuthDecision.Refused(OriginErrorCode.InvalidRequest, "Missing required header for this request: x-amz-content-sha256");
        }

        TimeSpan skew = (_options.TimeProvider.GetUtcNow() - signed.Time).Duration();
        return skew > _options.MaxClockSkew
            ? AuthDecision.Refused(OriginErrorCode.RequestTimeTooSkewed, null, ("RequestTime", signed.TimeText), ("ServerTime", S3Xml.Time(_options.TimeProvider.GetUtcNow())))
            : VerifySignature(call, signed, payloadHash);
    }

    private AuthDecision VerifyPresigned(OriginCall call, SignedRequest signed)
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        if (_options.MaxClockSkew < TimeSpan.MaxValue && now + _options.MaxClockSkew < signed.Time)
        {
            return AuthDecision.Refused(OriginErrorCode.AccessDenied, "Request is not valid yet");
        }

        if (now > signed.Time + signed.PresignedFor)
        {
            return AuthDecision.Refused(OriginErrorCode.AccessDenied, "Request has expired");
        }

        string? declared = signed.SignedHeaders.Contains("x-amz-content-sha256") ? call.Header("x-amz-content-sha256") : call.Query["X-Amz-Content-Sha256"];
        return VerifySignature(call, signed, declared ?? UnsignedPayload);
    }

    private AuthDecision VerifySignature(OriginCall call, SignedRequest signed, string payloadHash)
    {
        if (!_secrets.TryGetValue(signed.AccessKeyId, out string? secret))
        {
            return AuthDecision.Refused(OriginErrorCode.InvalidAccessKeyId, null, ("AWSAccessKeyId", signed.AccessKeyId));
        }

        if (signed.ScopeRegion != _options.Region)
        {
            return AuthDecision.Refused(
                signed.PresignedFor is null ? OriginErrorCode.AuthorizationHeaderMalformed : OriginErrorCode.AuthorizationQueryParametersError,
                $"The region '{signed.ScopeRegion}' is wrong; expecting '{_options.Region}'",
                ("Region", _options.Region));
        }

        if (UnsignedHeaders(call, signed) is { Length: > 0 } unsigned)
        {
            return AuthDecision.Refused(
                OriginErrorCode.AccessDenied, "There were headers present in the request which were not signed", ("HeadersNotSigned", unsigned));
        }

        string canonical = CanonicalRequest.Build(call, signed.SignedHeaders, payloadHash);
        string stringToSign =
            $"{SignedRequest.Algorithm}\n{signed.TimeText}\n{signed.Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] key = _signingKeys.GetOrAdd((signed.AccessKeyId, signed.ScopeDate), id => DeriveKey(secret, id.Date, _options.Region));
        string expected = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(stringToSign)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(signed.Signature))
            ? AuthDecision.Accepted
            : AuthDecision.Refused(
                OriginErrorCode.SignatureDoesNotMatch, null, ("StringToSign", stringToSign), ("SignatureProvided", signed.Signature), ("CanonicalRequest", canonical));
    }

    /// <summary>S3 demands that Host and every x-amz-* header is signed; a proxy that adds one without signing must be found out.</summary>
    private static string UnsignedHeaders(OriginCall call, SignedRequest signed)
    {
        IEnumerable<string> needed = call.Headers.Keys
            .Select(static name => name.ToLowerInvariant())
            .Where(static name => name == "host" || name.StartsWith("x-amz-", StringComparison.Ordinal))
            .Where(name => signed.PresignedFor is null || name != "x-amz-content-sha256");
        return string.Join(", ", needed.Except(signed.SignedHeaders));
    }

    private static byte[] DeriveKey(string secret, string date, string region)
    {
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (string part in (ReadOnlySpan<string>)[date, region, "s3", "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }
}
