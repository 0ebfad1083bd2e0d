using System.Globalization;
using S3Proxy.Caching;
using S3Proxy.Protocol;

namespace S3Proxy.Fetching;

/// <summary>
/// Which bytes the first request for an unknown object asks the origin for: whole aligned slices that cover what the client wants, so that one
/// request gives metadata and data (requirement C4).
/// </summary>
internal readonly record struct FetchPlan
{
    /// <summary>Bound on the run of a closed range, in bytes.</summary>
    public const long MaxRangedRunBytes = 64L << 20;

    private FetchPlan(bool headersOnly, string? range)
    {
        HeadersOnly = headersOnly;
        Range = range;
    }

    /// <summary>Ask with HEAD.</summary>
    public bool HeadersOnly { get; }

    /// <summary>Value of <c>Range</c>; null for the whole object.</summary>
    public string? Range { get; }

    public static FetchPlan Headers { get; } = new(headersOnly: true, range: null);

    public static FetchPlan Whole { get; } = new(headersOnly: false, range: null);

    /// <summary>The plan for a client's range of an object whose size is not known.</summary>
    /// <param name="range">What the client asks for; null for the whole object.</param>
    /// <param name="geometry">Where slices begin and end.</param>
    /// <param name="stripeBytes">Bytes of a run where several bring one object side by side; null where one run brings all of it.</param>
    public static FetchPlan For(ByteRangeSpec? range, SliceGeometry geometry, long? stripeBytes = null)
    {
        if (stripeBytes is { } stripe && range is null or { FirstByte: 0, LastByte: null })
        {
            return Bytes(string.Create(CultureInfo.InvariantCulture, $"0-{stripe - 1}"));
        }

        if (range is not { } wanted)
        {
            return Whole;
        }

        long slice = geometry.SliceBytes;
        if (wanted.SuffixBytes is { } suffix)
        {
            // A slice more than asked, so that the slice in which the suffix begins is whole.
            return suffix >= long.MaxValue - slice ? Whole : Bytes(string.Create(CultureInfo.InvariantCulture, $"-{suffix + slice}"));
        }

        long first = wanted.FirstByte!.Value / slice * slice;
        if (wanted.LastByte is not { } last)
        {
            return first == 0 ? Whole : Bytes(string.Create(CultureInfo.InvariantCulture, $"{first}-"));
        }

        long bound = first > long.MaxValue - MaxRangedRunBytes ? long.MaxValue : first + MaxRangedRunBytes - 1;
        long end = last >= bound ? bound : Math.Min(bound, ((last / slice) + 1) * slice - 1);
        return Bytes(string.Create(CultureInfo.InvariantCulture, $"{first}-{end}"));
    }

    private static FetchPlan Bytes(string range) => new(headersOnly: false, "bytes=" + range);
}
