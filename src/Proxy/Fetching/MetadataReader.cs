using System.Collections.Frozen;
using S3Proxy.Caching;
using S3Proxy.Protocol;

namespace S3Proxy.Fetching;

/// <summary>Makes metadata out of an origin's answers (requirement S2): everything the origin said that is true of the object and not of that one answer.</summary>
internal static class MetadataReader
{
    private static readonly FrozenSet<string> NotOfTheObject = new[]
    {
        "Age", "Alt-Svc", "Connection", "Content-Length", "Content-Range", "Date", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection", "Server-Timing",
        "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Vary", "Via", "x-amz-id-2", "x-amz-request-charged", "x-amz-request-id", "x-cache", "Cache-Status",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Metadata of the object an answer with status 200 or 206, or a HEAD's 200, speaks of.</summary>
    /// <param name="id">The object.</param>
    /// <param name="answer">The answer; its extent was checked.</param>
    /// <param name="extent">What <see cref="AnswerCheck.Extent"/> found.</param>
    /// <param name="askedAt">Timestamp taken before the request was sent.</param>
    /// <param name="now">The time, for answers without a date.</param>
    public static ObjectMetadata Read(ObjectId id, OriginAnswer answer, AnswerExtent extent, long askedAt, DateTimeOffset now)
    {
        List<HeaderField> headers = new(answer.Headers.Length);
        List<HeaderField> checksums = [];
        foreach (HeaderField field in answer.Headers)
        {
            if (IsChecksum(field.Name))
            {
                checksums.Add(field);
            }
            else if (!NotOfTheObject.Contains(field.Name))
            {
                headers.Add(field);
            }
        }

        return new ObjectMetadata
        {
            Version = new ObjectVersion(id, extent.ETag, answer.Find("x-amz-version-id"), extent.SizeBytes),
            Headers = [.. headers],
            Checksums = [.. checksums],
            KnowsChecksums = answer.Status != 206,
            LastModified = ParseDate(answer.Find("Last-Modified")),
            AskedAt = askedAt,
            Directives = CacheDirectives.Read(answer.Headers, answer.Find("Age"), answer.Find("Date"), now),
        };
    }

    /// <summary>
    /// Known metadata renewed by a 304: its headers take the place of ours (RFC 9111, 4.3.4). Null when the 304 is not about what we know: then only a
    /// full answer tells the headers, as after an overwrite with equal bytes.
    /// </summary>
    public static ObjectMetadata? Renew(ObjectMetadata known, OriginAnswer answer, long askedAt, DateTimeOffset now)
    {
        if (answer.Find("ETag") is { } etag && !string.Equals(etag, known.Version.ETag, StringComparison.Ordinal))
        {
            return null;
        }

        if (answer.Find("Last-Modified") is { } modified && ParseDate(modified) != known.LastModified)
        {
            return null;
        }

        if (answer.Find("x-amz-version-id") is { } versionId && !string.Equals(versionId, known.Version.VersionId, StringComparison.Ordinal))
        {
            return null;
        }

        List<HeaderField> headers = [.. known.Headers];
        foreach (HeaderField field in answer.Headers)
        {
            // Content headers of a 304 describe its own empty body with some servers; only the origin's full answer is believed for them.
            if (NotOfTheObject.Contains(field.Name) || IsChecksum(field.Name) || field.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            headers.RemoveAll(old => string.Equals(old.Name, field.Name, StringComparison.OrdinalIgnoreCase));
            headers.Add(field);
        }

        return known with
        {
            Headers = [.. headers],
            AskedAt = askedAt,
            Directives = CacheDirectives.Read([.. headers], answer.Find("Age"), answer.Find("Date"), now),
            IsSuspect = false,
        };
    }

    /// <summary>Headers of an answer that is passed on as it is.</summary>
    public static HeaderField[] EndToEnd(OriginAnswer answer) => [.. answer.Headers.Where(field => !NotOfTheObject.Contains(field.Name))];

    /// <summary>True for the name of a checksum header, which only a client that asks is told.</summary>
    public static bool IsChecksum(string name) => name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset? ParseDate(string? text) => HttpDate.TryParse(text, out DateTimeOffset date) ? date : null;
}
