using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Auth;

/// <summary>The parts of a SigV4 signature as sent, in a header or in the query (S3 API Reference, "Authenticating Requests"). Immutable.</summary>
internal sealed record SignedRequest
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    public required string AccessKeyId { get; init; }

    /// <summary>The yyyyMMdd of the credential scope.</summary>
    public required string ScopeDate { get; init; }

    public required string ScopeRegion { get; init; }

    /// <summary>Lower-case names in the order sent.</summary>
    public required IReadOnlyList<string> SignedHeaders { get; init; }

    public required string Signature { get; init; }

    /// <summary>The signing time as sent, which the string to sign repeats.</summary>
    public required string TimeText { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Null when the signature stands in the header.</summary>
    public TimeSpan? PresignedFor { get; init; }

    public string Scope => $"{ScopeDate}/{ScopeRegion}/s3/aws4_request";

    /// <summary>Reads <c>Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…</c>.</summary>
    public static bool TryParseHeader(string authorization, OriginCall call, [NotNullWhen(true)] out SignedRequest? signed)
    {
        signed = null;
        if (!authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            return false;
        }

        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string part in authorization[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=');
            if (equals < 0 || !fields.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                return false;
            }
        }

        return TryCreate(
            fields.GetValueOrDefault("Credential"),
            fields.GetValueOrDefault("SignedHeaders"),
            fields.GetValueOrDefault("Signature"),
            call.Header("x-amz-date") ?? AsIso(call.Header("Date")),
            presignedFor: null,
            out signed);
    }

    /// <summary>Reads the X-Amz-* parameters of a presigned request. False also when its life is not 1 second to 7 days.</summary>
    public static bool TryParseQuery(QueryParameters query, [NotNullWhen(true)] out SignedRequest? signed)
    {
        signed = null;
        return query["X-Amz-Algorithm"] == Algorithm
            && int.TryParse(query["X-Amz-Expires"], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds is >= 1 and <= 604_800
            && TryCreate(
                query["X-Amz-Credential"],
                query["X-Amz-SignedHeaders"],
                query["X-Amz-Signature"],
                query["X-Amz-Date"],
                TimeSpan.FromSeconds(seconds),
                out signed);
    }

    private static bool TryCreate(
        string? credential, string? signedHeaders, string? signature, string? timeText, TimeSpan? presignedFor, [NotNullWhen(true)] out SignedRequest? signed)
    {
        signed = null;

        // The key id may hold slashes, the scope behind it may not.
        string[] scope = credential?.Split('/') ?? [];
        if (scope.Length < 5 || scope[^1] != "aws4_request" || scope[^2] != "s3" || string.IsNullOrEmpty(signedHeaders) || string.IsNullOrEmpty(signature)
            || timeText is null || !timeText.StartsWith(scope[^4], StringComparison.Ordinal)
            || !DateTimeOffset.TryParseExact(timeText, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return false;
        }

        signed = new SignedRequest
        {
            AccessKeyId = string.Join('/', scope[..^4]),
            ScopeDate = scope[^4],
            ScopeRegion = scope[^3],
            SignedHeaders = signedHeaders.Split(';'),
            Signature = signature,
            TimeText = timeText,
            Time = time,
            PresignedFor = presignedFor,
        };
        return true;
    }

    private static string? AsIso(string? httpDate) =>
        DateTimeOffset.TryParseExact(httpDate, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? date.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)
            : null;
}
