using System.Globalization;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>
/// Conditional requests with S3's precedence (API Reference, GetObject, "Conditional request headers"): a true If-Match overrides
/// If-Unmodified-Since, and If-None-Match overrides If-Modified-Since.
/// </summary>
internal static class Preconditions
{
    /// <param name="header">Looks a condition up by its plain name, such as <c>If-Match</c>.</param>
    /// <param name="current">What the conditions are about.</param>
    public static PreconditionResult Evaluate(Func<string, string?> header, StoredObject current)
    {
        if (header("If-Match") is { } ifMatch)
        {
            if (!MatchesAny(ifMatch, current.ETag))
            {
                return PreconditionResult.Failed;
            }
        }
        else if (DateOf(header("If-Unmodified-Since")) is { } unmodifiedSince && current.LastModified > unmodifiedSince)
        {
            return PreconditionResult.Failed;
        }

        if (header("If-None-Match") is { } ifNoneMatch)
        {
            return MatchesAny(ifNoneMatch.Replace("W/", "", StringComparison.Ordinal), current.ETag)
                ? PreconditionResult.NotModified
                : PreconditionResult.Proceed;
        }

        return DateOf(header("If-Modified-Since")) is { } modifiedSince && current.LastModified <= modifiedSince
            ? PreconditionResult.NotModified
            : PreconditionResult.Proceed;
    }

    /// <summary>Whether If-Range lets a range stand: no such header, the exact ETag, or the exact date (RFC 9110 section 13.1.5).</summary>
    public static bool RangeStands(string? ifRange, StoredObject current) =>
        ifRange is null || ifRange == current.ETag || DateOf(ifRange) == current.LastModified;

    /// <summary>Conditions of a write: If-None-Match with a star, and If-Match.</summary>
    public static OriginErrorCode? ForWrite(string? ifMatch, string? ifNoneMatch, StoredObject? current)
    {
        if (ifNoneMatch is not null && current is not null && MatchesAny(ifNoneMatch, current.ETag))
        {
            return OriginErrorCode.PreconditionFailed;
        }

        if (ifMatch is null)
        {
            return null;
        }

        return current is null ? OriginErrorCode.NoSuchKey
            : MatchesAny(ifMatch, current.ETag) ? null
            : OriginErrorCode.PreconditionFailed;
    }

    /// <summary>S3 takes tags with and without quotes.</summary>
    private static bool MatchesAny(string list, string etag) =>
        list.Split(',').Any(candidate => candidate.Trim() is var tag && (tag == "*" || tag == etag || tag == etag.Trim('"')));

    /// <summary>Null for no date and for a bad one, which is to be ignored.</summary>
    private static DateTimeOffset? DateOf(string? text) =>
        DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
}
