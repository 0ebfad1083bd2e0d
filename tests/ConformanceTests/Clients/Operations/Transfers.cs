namespace S3Proxy.ConformanceTests.Clients.Operations;

/// <summary>Bytes up and down.</summary>
internal static class Transfers
{
    private const int SmallBytes = 300_000;
    private const int SlicesBytes = (3 << 20) + 17;
    private const int LargeBytes = 100 << 20;
    private const int SliceBytes = 1 << 20;

    /// <summary>Within a slice, across the end of one, and to the end of the object.</summary>
    private static readonly (long First, long Last)[] Ranges = [(0, 99), (SliceBytes - 5, SliceBytes + 5), (SlicesBytes - 1000, SlicesBytes - 1)];

    public static IReadOnlyList<MatrixOperation> All { get; } =
    [
        MatrixOperation.Whole("put", PutAsync),
        MatrixOperation.Whole("get, cold and hot", GetAsync),
        MatrixOperation.Whole("get after an overwrite", OverwriteAsync),
        MatrixOperation.Whole("0 bytes, put and get", EmptyAsync),
        MatrixOperation.OfCases("range get", Ranges, GetRangeAsync),
        MatrixOperation.Whole("upload in parts, 100 MiB", UploadInPartsAsync),
        MatrixOperation.Whole("download in parts, 100 MiB", DownloadInPartsAsync),
    ];

    private static async Task PutAsync(MatrixBench bench)
    {
        MadeFile file = bench.Make(SmallBytes);
        await bench.Client.PutAsync("put/object", file.Path);
        await bench.Origin.ExpectAsync("put/object", file);
    }

    private static async Task GetAsync(MatrixBench bench)
    {
        MadeFile file = await bench.MakeObjectAsync("get/object", SlicesBytes);
        await ExpectAsync(bench, "get/object", file);
        await ExpectAsync(bench, "get/object", file);
    }

    private static async Task OverwriteAsync(MatrixBench bench)
    {
        for (int version = 0; version < 2; version++)
        {
            MadeFile file = bench.Make(SmallBytes);
            await bench.Client.PutAsync("overwrite/object", file.Path);
            await ExpectAsync(bench, "overwrite/object", file);
        }
    }

    private static async Task EmptyAsync(MatrixBench bench)
    {
        MadeFile file = bench.Make(0);
        await bench.Client.PutAsync("empty/object", file.Path);
        await bench.Origin.ExpectAsync("empty/object", file);
        await ExpectAsync(bench, "empty/object", file);
        await ExpectAsync(bench, "empty/object", file);
    }

    private static async Task GetRangeAsync(MatrixBench bench, (long First, long Last) range)
    {
        string key = $"range/from-{range.First}";
        MadeFile file = await bench.MakeObjectAsync(key, SlicesBytes);
        string path = bench.NewPath();
        await bench.Client.GetRangeAsync(key, range.First, range.Last, path);
        await file.ExpectRangeAsync(path, range.First, range.Last);
    }

    private static async Task UploadInPartsAsync(MatrixBench bench)
    {
        MadeFile file = bench.Make(LargeBytes);
        await bench.Client.UploadInPartsAsync("parts/up", file.Path);
        await bench.Origin.ExpectAsync("parts/up", file);
        // The entity tag of an upload in parts ends with their number.
        Assert.Contains("-", (await bench.Origin.FindAsync("parts/up"))?.ETag, StringComparison.Ordinal);
        File.Delete(file.Path);
    }

    private static async Task DownloadInPartsAsync(MatrixBench bench)
    {
        MadeFile file = await bench.MakeObjectAsync("parts/down", LargeBytes);
        File.Delete(file.Path);
        string path = bench.NewPath();
        await bench.Client.DownloadInPartsAsync("parts/down", path);
        await file.ExpectAsync(path);
        File.Delete(path);
    }

    private static async Task ExpectAsync(MatrixBench bench, string key, MadeFile file)
    {
        string path = bench.NewPath();
        await bench.Client.GetAsync(key, path);
        await file.ExpectAsync(path);
    }
}
