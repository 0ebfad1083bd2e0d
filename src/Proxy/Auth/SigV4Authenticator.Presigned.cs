using System.Globalization;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Auth;

/// <content>The presigned query form (S3 API Reference, "Authenticating requests: using query parameters").</content>
internal sealed partial class SigV4Authenticator
{
    private const string QueryAlgorithm = "X-Amz-Algorithm";
    private const string QueryCredential = "X-Amz-Credential";
    private const string QueryDate = "X-Amz-Date";
    private const string QueryExpires = "X-Amz-Expires";
    private const string QuerySignedHeaders = "X-Amz-SignedHeaders";
    private const string QuerySignature = "X-Amz-Signature";
    private const string QuerySecurityToken = "X-Amz-Security-Token";
    private const string QueryContentSha256 = "X-Amz-Content-Sha256";
    private const int MaxExpirySeconds = 604_800;

    private static S3Error? ReadPresignedForm(S3Query query, AuthConfiguration configuration, DateTimeOffset now, ref SigV4Claim claim)
    {
        claim.IsPresigned = true;
        if (query.Find(QueryAlgorithm) is not SigV4Signature.Algorithm)
        {
            return AuthErrors.Malformed(isPresigned: true, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\".");
        }

        if (query.Find(QueryCredential) is not { } credential || query.Find(QuerySignedHeaders) is not { } signedHeaders
            || query.Find(QuerySignature) is not { } signature || query.Find(QueryDate) is not { } timestamp
            || query.Find(QueryExpires) is not { } expires)
        {
            return AuthErrors.Malformed(
                isPresigned: true,
                "X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders and X-Amz-Expires are all required.");
        }

        string? reason = claim.ReadCredential(credential) ?? claim.ReadSignedHeaders(signedHeaders) ?? claim.ReadSignature(signature);
        if (!SigV4Signature.TryParseTimestamp(timestamp, out DateTimeOffset time) && reason is null)
        {
            reason = "X-Amz-Date must be in the ISO8601 form \"yyyyMMdd'T'HHmmss'Z'\".";
        }

        if (reason is null && !timestamp.AsSpan().StartsWith(claim.Date, StringComparison.Ordinal))
        {
            reason = "the date of the Credential is not the date of X-Amz-Date.";
        }

        if (reason is not null)
        {
            return AuthErrors.Malformed(isPresigned: true, reason);
        }

        if (query.Has(QuerySecurityToken))
        {
            return AuthErrors.SessionToken;
        }

        claim.Timestamp = timestamp;
        return CheckLifetime(time, expires, configuration, now) ?? ReadPayload(query, ref claim);
    }

    private static S3Error? CheckLifetime(DateTimeOffset time, string expires, AuthConfiguration configuration, DateTimeOffset now)
    {
        if (!int.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            || seconds is < 1 or > MaxExpirySeconds)
        {
            return AuthErrors.Malformed(isPresigned: true, "X-Amz-Expires must be a number of seconds from 1 to 604800 (a week).");
        }

        if (time - now > configuration.ClockSkew)
        {
            return AuthErrors.NotYetValid;
        }

        // The difference cannot overflow where a sum near the calendar's end would.
        TimeSpan lifetime = TimeSpan.FromSeconds(seconds);
        return now - time > lifetime ? AuthErrors.Expired(lifetime, time + lifetime, now) : null;
    }

    // A header outranks the parameter of the same name; both are covered by the signature.
    private static S3Error? ReadPayload(S3Query query, ref SigV4Claim claim)
    {
        S3Error? error = null;
        if (claim.Payload.Kind == PayloadKind.Absent && query.Find(QueryContentSha256) is { } declared)
        {
            PayloadDeclaration.TryParse(declared, claim.Payload.HasChunkedEncoding, out claim.Payload, out error);
        }

        return error;
    }
}
