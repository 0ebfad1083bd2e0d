using System.Buffers;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Auth;

/// <summary>What a request claims about its signature, taken apart but not yet believed.</summary>
internal ref struct SigV4Claim
{
    private const int MaxRegionLength = 64;
    private const int MaxSignedHeaders = 100;

    private static readonly SearchValues<char> LowerHexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary><c>accessKeyId/date/region/s3/aws4_request</c>.</summary>
    public ReadOnlySpan<char> Credential;

    public ReadOnlySpan<char> AccessKeyId;
    public ReadOnlySpan<char> Scope;
    public ReadOnlySpan<char> Date;
    public ReadOnlySpan<char> Region;

    /// <summary>Lower-case names with semicolons between, in the order they were signed.</summary>
    public ReadOnlySpan<char> SignedHeaders;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public ReadOnlySpan<char> Signature;

    /// <summary>Time of the request as signed.</summary>
    public ReadOnlySpan<char> Timestamp;

    public PayloadDeclaration Payload;

    public bool IsPresigned;

    /// <summary>
    /// What stands in the last line of the canonical request. A presigned request that declares nothing leaves its body unsigned.
    /// </summary>
    public readonly string PayloadHash => Payload.HeaderValue ?? PayloadDeclaration.UnsignedValue;

    /// <summary>Takes a credential apart from its end, since an access key id may hold a slash. Returns what is wrong, or null.</summary>
    public string? ReadCredential(ReadOnlySpan<char> credential)
    {
        int terminator = credential.LastIndexOf('/');
        int service = terminator <= 0 ? -1 : credential[..terminator].LastIndexOf('/');
        int region = service <= 0 ? -1 : credential[..service].LastIndexOf('/');
        int date = region <= 0 ? -1 : credential[..region].LastIndexOf('/');
        if (date <= 0)
        {
            return "the Credential must be accessKeyId/YYYYMMDD/region/s3/aws4_request.";
        }

        Credential = credential;
        AccessKeyId = credential[..date];
        Scope = credential[(date + 1)..];
        Date = credential[(date + 1)..region];
        Region = credential[(region + 1)..service];
        if (Date.Length != SigV4Signature.DateLength || Date.ContainsAnyExceptInRange('0', '9'))
        {
            return "the date of the Credential must be YYYYMMDD.";
        }

        if (!IsRegion(Region))
        {
            return "the region of the Credential is wrong; expecting letters, digits and hyphens, for example us-east-1.";
        }

        if (credential[(service + 1)..terminator] is not SigV4Signature.Service)
        {
            return "the service of the Credential is wrong; expecting \"s3\".";
        }

        return credential[(terminator + 1)..] is SigV4Signature.Terminator ? null : "the Credential must end with \"aws4_request\".";
    }

    /// <summary>Takes the list of signed headers. Returns what is wrong, or null.</summary>
    public string? ReadSignedHeaders(ReadOnlySpan<char> names)
    {
        SignedHeaders = names;
        int count = 0;
        foreach (Range range in names.Split(';'))
        {
            ReadOnlySpan<char> name = names[range];
            if (!IsLowerCaseToken(name) || ++count > MaxSignedHeaders)
            {
                return "SignedHeaders must be lower-case header names with semicolons between.";
            }

            if (Signs(names[..range.Start.Value], name))
            {
                return "SignedHeaders names a header twice.";
            }
        }

        return Signs("host") ? null : "the host header must be signed.";
    }

    /// <summary>Takes the signature. Returns what is wrong, or null.</summary>
    public string? ReadSignature(ReadOnlySpan<char> signature)
    {
        Signature = signature;
        return signature.Length == SigV4Signature.HexLength && !signature.ContainsAnyExcept(LowerHexDigits)
            ? null
            : "the Signature must be 64 lower-case hexadecimal digits.";
    }

    /// <summary>True when <paramref name="name"/>, in any case, is among the signed headers.</summary>
    public readonly bool Signs(ReadOnlySpan<char> name) => Signs(SignedHeaders, name);

    private static bool Signs(ReadOnlySpan<char> names, ReadOnlySpan<char> name)
    {
        foreach (Range range in names.Split(';'))
        {
            if (names[range].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRegion(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MaxRegionLength;
    }

    private static bool IsLowerCaseToken(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }
}
