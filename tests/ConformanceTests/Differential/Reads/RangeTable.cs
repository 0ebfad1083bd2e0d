namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>Range headers of every form, on objects with and without bytes (requirement S3).</summary>
internal static class RangeTable
{
    private static readonly string[] Ranges =
    [
        "bytes=0-0", "bytes=0-99", "bytes=100-199", "bytes=65535-65536", "bytes=131072-196607", "bytes=199999-199999", "bytes=0-199999", "bytes=0-200000", "bytes=0-999999999999", "bytes=199999-",
        "bytes=0-", "bytes=70000-", "bytes=-1", "bytes=-100", "bytes=-70000", "bytes=-200000", "bytes=-999999", "bytes=-0", "bytes=200000-", "bytes=200000-200001", "bytes=999999-", "bytes=5-2", "bytes=-",
        "bytes=", "bytes", "bytes=a-b", "bytes=1-b", "bytes=0x0-0x5", "bytes=1.5-3", "bytes=--5", "bytes=+1-5", "bytes=0-1,3-4", "bytes=0-1,", "bytes=0-5, -5", "bytes= 0-5", "bytes=0 - 5", "bytes =0-5",
        "Bytes=0-5", "BYTES=0-5", "items=0-5", "0-5", "bytes:0-5", "bytes=18446744073709551615-", "bytes=0-18446744073709551616", "bytes=99999999999999999999-", "bytes=-99999999999999999999",
    ];

    public static IEnumerable<ReadCase> Cases()
    {
        foreach (string range in Ranges)
        {
            yield return new ReadCase(S3Call.Get(ReadObjects.Plain).With("Range", range), IsCached: true);
            yield return new ReadCase(S3Call.Head(ReadObjects.Plain).With("Range", range), IsCached: true);
            yield return new ReadCase(S3Call.Get(ReadObjects.Empty).With("Range", range), IsCached: true);
        }

        foreach (string range in new[] { "bytes=0-0", "bytes=5242879-5242880", "bytes=5242880-", "bytes=-100001", "bytes=5342880-" })
        {
            yield return new ReadCase(S3Call.Get(ReadObjects.Multipart).With("Range", range), IsCached: true);
            yield return new ReadCase(S3Call.Head(ReadObjects.Multipart).With("Range", range), IsCached: true);
        }

        yield return new ReadCase(S3Call.Head(ReadObjects.Empty).With("Range", "bytes=0-0"), IsCached: true);
        yield return new ReadCase(S3Call.Get("missing").With("Range", "bytes=0-0"), IsCached: false);
    }
}
