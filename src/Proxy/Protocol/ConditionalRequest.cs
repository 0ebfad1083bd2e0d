using Microsoft.Extensions.Primitives;

namespace S3Proxy.Protocol;

/// <summary>
/// The conditions of a GET or HEAD (RFC 9110 section 13; S3 API Reference, GetObject). A tag condition outranks the date condition beside
/// it: If-Match that holds silences If-Unmodified-Since, If-None-Match silences If-Modified-Since. Dates that do not parse are ignored.
/// </summary>
internal readonly record struct ConditionalRequest
{
    public EntityTagCondition? IfMatch { get; init; }

    public EntityTagCondition? IfNoneMatch { get; init; }

    public DateTimeOffset? IfModifiedSince { get; init; }

    public DateTimeOffset? IfUnmodifiedSince { get; init; }

    /// <summary>The If-Range value as sent; null when absent.</summary>
    public string? IfRange { get; init; }

    /// <summary>True when nothing but perhaps If-Range is set, so that <see cref="Evaluate"/> always proceeds.</summary>
    public bool IsUnconditional => IfMatch is null && IfNoneMatch is null && IfModifiedSince is null && IfUnmodifiedSince is null;

    public static ConditionalRequest Parse(IHeaderDictionary headers) => new()
    {
        IfMatch = Tags(headers.IfMatch),
        IfNoneMatch = Tags(headers.IfNoneMatch),
        IfModifiedSince = Date(headers.IfModifiedSince),
        IfUnmodifiedSince = Date(headers.IfUnmodifiedSince),
        IfRange = headers.IfRange.Count == 0 ? null : headers.IfRange.ToString(),
    };

    /// <summary>Applies the conditions to one version of an object.</summary>
    /// <param name="etag">Its tag; null when it has none.</param>
    /// <param name="lastModified">Its modification time; null when unknown, which makes date conditions hold for neither side.</param>
    public ConditionalOutcome Evaluate(EntityTag? etag, DateTimeOffset? lastModified)
    {
        if (IfMatch is { } match)
        {
            if (!match.Matches(etag, strong: true))
            {
                return ConditionalOutcome.PreconditionFailed;
            }
        }
        else if (IfUnmodifiedSince is { } unmodifiedSince && lastModified is { } changed && WholeSeconds(changed) > unmodifiedSince)
        {
            return ConditionalOutcome.PreconditionFailed;
        }

        if (IfNoneMatch is { } noneMatch)
        {
            return noneMatch.Matches(etag, strong: false) ? ConditionalOutcome.NotModified : ConditionalOutcome.Proceed;
        }

        return IfModifiedSince is { } modifiedSince && lastModified is { } modified && WholeSeconds(modified) <= modifiedSince
            ? ConditionalOutcome.NotModified
            : ConditionalOutcome.Proceed;
    }

    /// <summary>
    /// True when a Range header is to be obeyed: no If-Range, or one that names this very version by strong tag or exact date
    /// (RFC 9110 section 13.1.5). A value that is neither means the whole object.
    /// </summary>
    public bool AllowsRange(EntityTag? etag, DateTimeOffset? lastModified)
    {
        if (IfRange is null)
        {
            return true;
        }

        if (HttpDate.TryParse(IfRange, out DateTimeOffset date))
        {
            return lastModified is { } modified && WholeSeconds(modified) == date;
        }

        return etag is { } own && EntityTag.TryParse(IfRange, out EntityTag asked) && asked.StrongEquals(own);
    }

    private static EntityTagCondition? Tags(StringValues values) => values.Count == 0 ? null : new EntityTagCondition(values.ToString());

    private static DateTimeOffset? Date(StringValues values) =>
        values.Count == 1 && HttpDate.TryParse(values[0], out DateTimeOffset date) ? date : null;

    // HTTP dates have whole seconds; what the header could not say must not make the object look newer.
    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));
}
