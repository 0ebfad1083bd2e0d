using System.Globalization;
using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>
/// Checks what an origin says about the bytes it is about to send, before one of them is used: a Range or an If-Match is a request, not a guarantee.
/// </summary>
internal static class AnswerCheck
{
    /// <summary>
    /// Reads a 200 or 206 to a read of an object whose version is not known. Null with a reason when it may not be shared.
    /// </summary>
    /// <exception cref="FetchException">The answer contradicts itself.</exception>
    public static AnswerExtent? Extent(OriginAnswer answer, out NotShareableReason reason)
    {
        reason = default;
        // First, because what lacks a tag besides may be handed to one reader, and this must not be.
        if (IsForOneRequest(answer, out reason))
        {
            return null;
        }

        if (answer.Find("ETag") is not { } etag || !IsStrong(etag))
        {
            reason = NotShareableReason.NoStrongETag;
            return null;
        }

        if (ContentLength(answer) is not { } length)
        {
            reason = NotShareableReason.NoLength;
            return null;
        }

        if (answer.Status != 206)
        {
            return new AnswerExtent(etag, First: 0, Length: length, SizeBytes: length);
        }

        if (!TryParseContentRange(answer.Find("Content-Range"), out long first, out long last, out long size)
            || last - first + 1 != length)
        {
            throw new FetchException(FetchFailure.InvalidAnswer,
                $"The origin's 206 has Content-Range \"{answer.Find("Content-Range")}\" and Content-Length {length}, which do not belong together.");
        }

        return new AnswerExtent(etag, first, length, size);
    }

    /// <summary>
    /// Checks the answer to a read of bytes of a known version, asked for from <paramref name="position"/>: it must be that version, and must
    /// begin at or before that byte and reach <paramref name="end"/>.
    /// </summary>
    /// <exception cref="FetchException">It is another version, or not what was asked for.</exception>
    public static AnswerExtent ExtentOf(OriginAnswer answer, ObjectVersion version, long position, long end)
    {
        AnswerExtent extent = Extent(answer, out NotShareableReason reason)
            ?? throw new FetchException(answer.Find("ETag") == version.ETag ? FetchFailure.InvalidAnswer : FetchFailure.Changed,
                $"The origin's answer to a read of {version} cannot be used ({reason}).");
        if (!string.Equals(extent.ETag, version.ETag, StringComparison.Ordinal) || extent.SizeBytes != version.SizeBytes)
        {
            throw new FetchException(FetchFailure.Changed, $"The origin now has another version of {version.Id} ({extent.ETag}, {extent.SizeBytes} bytes).");
        }

        if (answer.Find("x-amz-version-id") is { } versionId && version.VersionId is not null && !string.Equals(versionId, version.VersionId, StringComparison.Ordinal))
        {
            throw new FetchException(FetchFailure.Changed, $"The origin now has version {versionId} of {version.Id}, with the same entity tag.");
        }

        if (extent.First > position || extent.First + extent.Length < end)
        {
            throw new FetchException(FetchFailure.InvalidAnswer,
                $"The origin sent bytes {extent.First} to {extent.First + extent.Length - 1} of {version} where {position} to {end - 1} were asked for.");
        }

        return extent;
    }

    /// <summary>True for an answer, a 304 too, that was made for the very request that asked and for nobody else's: it varies, or sets a cookie.</summary>
    public static bool IsForOneRequest(OriginAnswer answer, out NotShareableReason reason)
    {
        bool setsCookie = answer.Find("Set-Cookie") is not null;
        reason = setsCookie ? NotShareableReason.SetCookie : NotShareableReason.Vary;
        return setsCookie || VariesOnMoreThanCors(answer);
    }

    /// <summary>True for an entity tag in quotes, with none in it, without the weak mark (RFC 9110, 8.8.3).</summary>
    public static bool IsStrong(string etag) => etag.Length > 2 && etag[0] == '"' && etag.IndexOf('"', 1) == etag.Length - 1;

    /// <summary>The content length the origin gave, or null.</summary>
    public static long? ContentLength(OriginAnswer answer) =>
        long.TryParse(answer.Find("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : null;

    private static bool VariesOnMoreThanCors(OriginAnswer answer)
    {
        // S3 varies on these three when a bucket has CORS rules; requests with an Origin are not shared.
        foreach (HeaderField field in answer.Headers)
        {
            if (!string.Equals(field.Name, "Vary", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (string token in field.Value.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!token.Equals("Origin", StringComparison.OrdinalIgnoreCase)
                    && !token.Equals("Access-Control-Request-Headers", StringComparison.OrdinalIgnoreCase)
                    && !token.Equals("Access-Control-Request-Method", StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool TryParseContentRange(string? value, out long first, out long last, out long size)
    {
        first = last = size = 0;
        const string Unit = "bytes ";
        if (value is null || !value.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> text = value.AsSpan(Unit.Length);
        int dash = text.IndexOf('-');
        int slash = text.IndexOf('/');
        return dash > 0 && slash > dash
            && long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && long.TryParse(text[(dash + 1)..slash], NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && long.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out size)
            && first <= last && last < size;
    }
}
