using System.Security.Cryptography;
using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Auth;

/// <content>The policy of a form (S3 API Reference, "Authenticating requests in browser-based uploads using POST").</content>
internal sealed partial class SigV4Authenticator
{
    /// <summary>Signing keys are good for a week.</summary>
    private static readonly TimeSpan MaxPolicyAge = TimeSpan.FromDays(7);

    /// <summary>Tells who signed a policy. What the policy allows is for the caller to check.</summary>
    public AuthenticationResult AuthenticatePolicy(PolicySignature form, AuthConfiguration configuration, DateTimeOffset now)
    {
        var claim = new SigV4Claim();
        if (ReadPolicyClaim(form, configuration, now, ref claim) is { } error)
        {
            return AuthenticationResult.Refused(error);
        }

        bool isKnown = configuration.Keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(claim.AccessKeyId, out ClientKey? key);
        string secret = isKnown ? key!.SecretAccessKey : UnknownKeySecret;
        byte[] signingKey = _signingKeys.GetOrDerive(claim.Credential, secret, claim.Date, claim.Region, out bool isCached);
        bool matches = MatchesPolicy(form.Policy, claim.Signature, signingKey);
        if (!isKnown)
        {
            return AuthenticationResult.Refused(AuthErrors.UnknownKey(claim.AccessKeyId));
        }

        if (!matches)
        {
            return AuthenticationResult.Refused(AuthErrors.Mismatch(claim, form.Policy));
        }

        if (!isCached)
        {
            _signingKeys.Store(claim.Credential, secret, signingKey);
        }

        return AuthenticationResult.Of(Identity.Of(key!), default);
    }

    private static S3Error? ReadPolicyClaim(PolicySignature form, AuthConfiguration configuration, DateTimeOffset now, ref SigV4Claim claim)
    {
        if (form.Algorithm is not SigV4Signature.Algorithm)
        {
            return AuthErrors.UnsupportedMechanism;
        }

        if (form is not { Credential: { } credential, Timestamp: { } timestamp, Signature: { } signature })
        {
            return AuthErrors.MalformedForm("x-amz-algorithm, x-amz-credential, x-amz-date and x-amz-signature are all required.");
        }

        string? reason = claim.ReadCredential(credential) ?? claim.ReadSignature(signature);
        if (!SigV4Signature.TryParseTimestamp(timestamp, out DateTimeOffset time) && reason is null)
        {
            reason = "x-amz-date must be in the ISO8601 form \"yyyyMMdd'T'HHmmss'Z'\".";
        }

        if (reason is null && !timestamp.AsSpan().StartsWith(claim.Date, StringComparison.Ordinal))
        {
            reason = "the date of x-amz-credential is not the date of x-amz-date.";
        }

        return reason is not null ? AuthErrors.MalformedForm(reason)
            : time - now > configuration.ClockSkew ? AuthErrors.NotYetValid
            : now - time > MaxPolicyAge ? AuthErrors.PolicyTooOld
            : null;
    }

    private static bool MatchesPolicy(string policy, ReadOnlySpan<char> signature, ReadOnlySpan<byte> signingKey)
    {
        Span<byte> hmac = stackalloc byte[SigV4Signature.HashBytes];
        HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(policy), hmac);
        Span<byte> expected = stackalloc byte[SigV4Signature.HexLength];
        Convert.TryToHexStringLower(hmac, expected, out _);
        Span<byte> provided = stackalloc byte[SigV4Signature.HexLength];
        Encoding.ASCII.GetBytes(signature, provided);
        return CryptographicOperations.FixedTimeEquals(expected, provided);
    }
}
