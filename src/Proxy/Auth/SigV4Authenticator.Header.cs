using Microsoft.Extensions.Primitives;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Auth;

/// <content>The Authorization header form.</content>
internal sealed partial class SigV4Authenticator
{
    private const string CredentialField = "Credential";
    private const string SignedHeadersField = "SignedHeaders";
    private const string SignatureField = "Signature";

    private static S3Error? ReadHeaderForm(
        IHeaderDictionary headers, AuthConfiguration configuration, DateTimeOffset now, ref SigV4Claim claim)
    {
        StringValues authorization = headers.Authorization;
        if (authorization.Count != 1)
        {
            return AuthErrors.Malformed(isPresigned: false, "send the Authorization header once.");
        }

        ReadOnlySpan<char> text = authorization[0].AsSpan().Trim(" \t");
        int space = text.IndexOf(' ');
        ReadOnlySpan<char> algorithm = space < 0 ? text : text[..space];
        if (algorithm is not SigV4Signature.Algorithm)
        {
            // "AWS AKID:signature" is version 2; everything else (Basic, Bearer, the elliptic version 4A) is no better known here.
            return AuthErrors.UnsupportedMechanism;
        }

        string? reason = ReadFields(space < 0 ? default : text[(space + 1)..], ref claim);
        if (reason is not null)
        {
            return AuthErrors.Malformed(isPresigned: false, reason);
        }

        if (headers.ContainsKey(S3Headers.SecurityToken))
        {
            return AuthErrors.SessionToken;
        }

        if (!TryReadDate(headers, ref claim, out DateTimeOffset time))
        {
            return AuthErrors.NoDate;
        }

        if (!claim.Timestamp.StartsWith(claim.Date, StringComparison.Ordinal))
        {
            return AuthErrors.Malformed(isPresigned: false, "the date of the Credential is not that of the request (x-amz-date or Date).");
        }

        if ((time - now).Duration() > configuration.ClockSkew)
        {
            return AuthErrors.Skewed(claim.Timestamp, now, configuration.ClockSkew);
        }

        return claim.Payload.Kind == PayloadKind.Absent ? AuthErrors.NoPayloadHash : null;
    }

    // Returns what is wrong, or null.
    private static string? ReadFields(ReadOnlySpan<char> fields, ref SigV4Claim claim)
    {
        foreach (Range range in fields.Split(','))
        {
            ReadOnlySpan<char> field = fields[range].Trim(" \t");
            int equals = field.IndexOf('=');
            if (equals < 0)
            {
                return "expecting Credential=…, SignedHeaders=…, Signature=….";
            }

            ReadOnlySpan<char> value = field[(equals + 1)..];
            ReadOnlySpan<char> name = field[..equals];
            bool isRepeated = name switch
            {
                CredentialField => !claim.Credential.IsEmpty,
                SignedHeadersField => !claim.SignedHeaders.IsEmpty,
                SignatureField => !claim.Signature.IsEmpty,
                _ => true,
            };
            if (isRepeated)
            {
                return "each of Credential, SignedHeaders and Signature must be given once, and nothing else.";
            }

            string? reason = name switch
            {
                CredentialField => claim.ReadCredential(value),
                SignedHeadersField => claim.ReadSignedHeaders(value),
                _ => claim.ReadSignature(value),
            };
            if (reason is not null)
            {
                return reason;
            }
        }

        return claim.Credential.IsEmpty || claim.SignedHeaders.IsEmpty || claim.Signature.IsEmpty
            ? "Credential, SignedHeaders and Signature are all required."
            : null;
    }

    private static bool TryReadDate(IHeaderDictionary headers, ref SigV4Claim claim, out DateTimeOffset time)
    {
        if (headers.TryGetValue(S3Headers.Date, out StringValues amzDate))
        {
            claim.Timestamp = amzDate.Count == 1 ? amzDate[0].AsSpan().Trim(" \t") : default;
            return SigV4Signature.TryParseTimestamp(claim.Timestamp, out time);
        }

        // An HTTP date or, from some clients, the short ISO form. It need not be signed as a header: the string to sign holds it.
        StringValues date = headers.Date;
        time = default;
        if (date.Count != 1)
        {
            return false;
        }

        if (SigV4Signature.TryParseTimestamp(date[0].AsSpan().Trim(" \t"), out time) || HttpDate.TryParse(date[0], out time))
        {
            claim.Timestamp = SigV4Signature.FormatTimestamp(time);
            return true;
        }

        return false;
    }
}
