namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>Conditional headers by themselves, in pairs, and with ranges (requirement S4).</summary>
internal static class ConditionTable
{
    private static readonly string[] Tags =
    [
        "\"{etag}\"", "{etag}", "\"another\"", "*", "W/\"{etag}\"", "\"another\", \"{etag}\"", "\"another\",\"more\"", "\"{etag}", "", "\"*\"",
    ];

    private static readonly string[] Dates = ["{earlier}", "{modified}", "{later}", "yesterday", "", "0", "Thu, 01 Dec 1994 16:00:00 GMT", "Thursday, 01-Dec-94 16:00:00 GMT", "1994-12-01T16:00:00Z"];

    private static readonly string[] PlainTags = ["\"{etag}\"", "\"another\"", "*"];
    private static readonly string[] PlainDates = ["{earlier}", "{modified}", "{later}"];

    public static IEnumerable<ReadCase> Cases() => Singles().Concat(Pairs()).Concat(WithRanges());

    private static IEnumerable<ReadCase> Singles()
    {
        foreach (string name in new[] { "If-Match", "If-None-Match" })
        {
            foreach (string tag in Tags)
            {
                yield return Cached(S3Call.Get(ReadObjects.Plain).With(name, tag));
                yield return Cached(S3Call.Head(ReadObjects.Plain).With(name, tag));
            }
        }

        foreach (string name in new[] { "If-Modified-Since", "If-Unmodified-Since" })
        {
            foreach (string date in Dates)
            {
                yield return Cached(S3Call.Get(ReadObjects.Plain).With(name, date));
                yield return Cached(S3Call.Head(ReadObjects.Plain).With(name, date));
            }
        }

        yield return new ReadCase(S3Call.Get("missing").With("If-Match", "*"), IsCached: false);
        yield return new ReadCase(S3Call.Get("missing").With("If-None-Match", "*"), IsCached: false);
        yield return new ReadCase(S3Call.Head("missing").With("If-Match", "\"a\""), IsCached: false);
        yield return Cached(S3Call.Get(ReadObjects.Empty).With("If-None-Match", "\"d41d8cd98f00b204e9800998ecf8427e\""));
    }

    private static IEnumerable<ReadCase> Pairs()
    {
        foreach (string tag in PlainTags)
        {
            foreach (string date in PlainDates)
            {
                foreach (string tagName in new[] { "If-Match", "If-None-Match" })
                {
                    foreach (string dateName in new[] { "If-Modified-Since", "If-Unmodified-Since" })
                    {
                        yield return Cached(S3Call.Get(ReadObjects.Plain).With(tagName, tag).With(dateName, date));
                    }
                }
            }

            foreach (string other in PlainTags)
            {
                yield return Cached(S3Call.Get(ReadObjects.Plain).With("If-Match", tag).With("If-None-Match", other));
            }
        }

        foreach (string date in PlainDates)
        {
            foreach (string other in PlainDates)
            {
                yield return Cached(S3Call.Get(ReadObjects.Plain).With("If-Modified-Since", date).With("If-Unmodified-Since", other));
            }
        }
    }

    private static IEnumerable<ReadCase> WithRanges()
    {
        foreach (string value in new[] { "\"{etag}\"", "\"another\"", "W/\"{etag}\"", "{modified}", "{earlier}", "{later}", "nonsense" })
        {
            yield return Cached(S3Call.Get(ReadObjects.Plain).With("If-Range", value).With("Range", "bytes=10-19"));
            yield return Cached(S3Call.Get(ReadObjects.Plain).With("If-Range", value).With("Range", "bytes=999999-"));
        }

        yield return Cached(S3Call.Get(ReadObjects.Plain).With("If-Range", "\"{etag}\""));
        foreach (string tag in PlainTags)
        {
            foreach (string range in new[] { "bytes=10-19", "bytes=999999-" })
            {
                yield return Cached(S3Call.Get(ReadObjects.Plain).With("If-Match", tag).With("Range", range));
                yield return Cached(S3Call.Get(ReadObjects.Plain).With("If-None-Match", tag).With("Range", range));
            }
        }
    }

    private static ReadCase Cached(S3Call call) => new(call, IsCached: true);
}
