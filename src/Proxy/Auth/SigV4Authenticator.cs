using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Auth;

/// <summary>
/// Tells who sent a request by its AWS Signature Version 4, in the Authorization header or in the query (requirements A1, A5; S3 API
/// Reference, "Authenticating Requests"). Any well-formed region is accepted: a client signs for the region it believes in, the origin's is
/// our affair. Never throws for what a client sends. Thread-safe.
/// </summary>
internal sealed partial class SigV4Authenticator
{
    // An unknown key takes the same way with this secret, so that time tells little about which keys exist.
    private const string UnknownKeySecret = "0000000000000000000000000000000000000000";

    private readonly SigningKeyCache _signingKeys = new();
    private readonly SignatureMemory _signatures = new();

    /// <summary>Authenticates one request.</summary>
    /// <param name="request">The parsed request; its raw path and query are what was signed.</param>
    /// <param name="headers">The headers as received, Host included.</param>
    /// <param name="configuration">Mode, keys and clock skew of this request's snapshot.</param>
    /// <param name="now">The current time.</param>
    public AuthenticationResult Authenticate(
        S3Request request, IHeaderDictionary headers, AuthConfiguration configuration, DateTimeOffset now)
    {
        if (configuration.Mode == AuthMode.Passthrough)
        {
            // Signature and body go on as they are; the origin holds the one to the other.
            return AuthenticationResult.Of(Identity.JudgedByOrigin, default);
        }

        if (!PayloadDeclaration.TryParse(headers, out PayloadDeclaration payload, out S3Error? error))
        {
            return AuthenticationResult.Refused(error!);
        }

        if (configuration.Mode == AuthMode.Anonymous)
        {
            return AuthenticationResult.Of(Identity.Anonymous, payload);
        }

        var claim = new SigV4Claim { Payload = payload };
        error = ReadClaim(request, headers, configuration, now, ref claim) ?? FindUnsignedHeader(claim, headers);
        return error is null ? Verify(claim, request, headers, configuration) : AuthenticationResult.Refused(error);
    }

    private static S3Error? ReadClaim(
        S3Request request, IHeaderDictionary headers, AuthConfiguration configuration, DateTimeOffset now, ref SigV4Claim claim)
    {
        S3Query query = request.Query;
        bool inHeader = headers.Authorization.Count > 0;
        bool inQuery = query.Items.Count > 0 && (query.Has(QueryAlgorithm) || query.Has(QuerySignature) || query.Has(QueryCredential));
        if (inHeader && inQuery)
        {
            return AuthErrors.TwoMechanisms;
        }

        if (inHeader)
        {
            return ReadHeaderForm(headers, configuration, now, ref claim);
        }

        if (inQuery)
        {
            return ReadPresignedForm(query, configuration, now, ref claim);
        }

        return query.Items.Count > 0 && query.Has("AWSAccessKeyId") && query.Has("Signature")
            ? AuthErrors.UnsupportedMechanism
            : AuthErrors.NoCredentials;
    }

    // An unsigned x-amz header could turn a request into another one, a presigned upload into a copy of a foreign object for example. The
    // payload header alone needs no place in the list: its value is a line of the canonical request.
    private static S3Error? FindUnsignedHeader(in SigV4Claim claim, IHeaderDictionary headers)
    {
        foreach ((string name, _) in headers)
        {
            if (name.StartsWith(S3Headers.AmzPrefix, StringComparison.OrdinalIgnoreCase) && !claim.Signs(name)
                && !(claim.IsPresigned && name.Equals(S3Headers.ContentSha256, StringComparison.OrdinalIgnoreCase)))
            {
                return AuthErrors.NotSigned(name);
            }
        }

        return null;
    }

    private AuthenticationResult Verify(in SigV4Claim claim, S3Request request, IHeaderDictionary headers, AuthConfiguration configuration)
    {
        bool isKnown = configuration.Keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(claim.AccessKeyId, out ClientKey? key);
        string secret = isKnown ? key!.SecretAccessKey : UnknownKeySecret;
        byte[] signingKey = _signingKeys.GetOrDerive(claim.Credential, secret, claim.Date, claim.Region, out bool isCached);

        bool matches = Matches(claim, request, headers, signingKey, isKnown, useRawPath: false)
            || (!S3Uri.IsPlain(request.RawPath, keepSlash: true) && Matches(claim, request, headers, signingKey, isKnown, useRawPath: true));
        if (!isKnown)
        {
            return AuthenticationResult.Refused(AuthErrors.UnknownKey(claim.AccessKeyId));
        }

        if (!matches)
        {
            return AuthenticationResult.Refused(AuthErrors.Mismatch(claim, StringToSign(claim, request, headers)));
        }

        if (!isCached)
        {
            _signingKeys.Store(claim.Credential, secret, signingKey);
        }

        ChunkSigningContext? chunks = claim.Payload.Kind is PayloadKind.StreamingSigned or PayloadKind.StreamingSignedTrailer
            ? new ChunkSigningContext(signingKey, claim.Timestamp.ToString(), claim.Scope.ToString(), claim.Signature.ToString())
            : null;
        return AuthenticationResult.Of(Identity.Of(key!), claim.Payload, chunks);
    }

    private bool Matches(in SigV4Claim claim, S3Request request, IHeaderDictionary headers, byte[] signingKey, bool isKnown, bool useRawPath)
    {
        var canonical = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        try
        {
            AppendCanonicalRequest(ref canonical, claim, request, headers, useRawPath);
            int canonicalBytes = canonical.Length;

            // The time stamp has one length; with that of the canonical request there is one way to read the whole.
            canonical.Append(claim.Timestamp);
            canonical.Append(claim.Scope);
            canonical.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in canonicalBytes)));
            Span<byte> provided = stackalloc byte[SigV4Signature.HexLength];
            Encoding.ASCII.GetBytes(claim.Signature, provided);
            if (_signatures.Knows(canonical.Written, signingKey, provided))
            {
                return true;
            }

            Span<byte> expected = stackalloc byte[SigV4Signature.HexLength];
            SigV4Signature.Compute(canonical.Written[..canonicalBytes], claim.Timestamp, claim.Scope, signingKey, expected);
            bool matches = CryptographicOperations.FixedTimeEquals(expected, provided);
            if (matches && isKnown)
            {
                _signatures.Note(canonical.Written, signingKey, provided);
            }

            return matches;
        }
        finally
        {
            canonical.Dispose();
        }
    }

    private static string StringToSign(in SigV4Claim claim, S3Request request, IHeaderDictionary headers)
    {
        var canonical = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        var text = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        try
        {
            AppendCanonicalRequest(ref canonical, claim, request, headers, useRawPath: false);
            SigV4Signature.AppendStringToSign(ref text, canonical.Written, claim.Timestamp, claim.Scope);
            return Encoding.UTF8.GetString(text.Written);
        }
        finally
        {
            text.Dispose();
            canonical.Dispose();
        }
    }

    private static void AppendCanonicalRequest(
        ref CanonicalBuffer canonical, in SigV4Claim claim, S3Request request, IHeaderDictionary headers, bool useRawPath)
    {
        canonical.Append(request.Method);
        canonical.Append((byte)'\n');
        if (useRawPath || !canonical.TryAppendNormalizedPath(request.RawPath))
        {
            canonical.Append(request.RawPath);
        }

        canonical.Append((byte)'\n');
        CanonicalQuery.Append(ref canonical, request.Query.Items, claim.IsPresigned ? QuerySignature : null);
        canonical.Append((byte)'\n');
        foreach (Range range in claim.SignedHeaders.Split(';'))
        {
            ReadOnlySpan<char> name = claim.SignedHeaders[range];
            canonical.Append(name);
            canonical.Append((byte)':');
            CanonicalHeaders.AppendValues(ref canonical, headers[HeaderName(name)]);
            canonical.Append((byte)'\n');
        }

        canonical.Append((byte)'\n');
        canonical.Append(claim.SignedHeaders);
        canonical.Append((byte)'\n');
        canonical.Append(claim.PayloadHash);
    }

    // The names that nearly every client signs, so that looking them up allocates nothing.
    private static string HeaderName(ReadOnlySpan<char> name) => name switch
    {
        "host" => "host",
        S3Headers.Date => S3Headers.Date,
        S3Headers.ContentSha256 => S3Headers.ContentSha256,
        "range" => "range",
        "content-type" => "content-type",
        "content-length" => "content-length",
        "content-md5" => "content-md5",
        "amz-sdk-invocation-id" => "amz-sdk-invocation-id",
        "amz-sdk-request" => "amz-sdk-request",
        "user-agent" => "user-agent",
        "x-amz-checksum-mode" => "x-amz-checksum-mode",
        "x-amz-user-agent" => "x-amz-user-agent",
        _ => name.ToString(),
    };
}
