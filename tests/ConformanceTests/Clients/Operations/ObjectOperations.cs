namespace S3Proxy.ConformanceTests.Clients.Operations;

/// <summary>What is done with objects besides moving their bytes.</summary>
internal static class ObjectOperations
{
    private const int Bytes = 20_000;
    private const int PageSize = 10;
    private const int PagedKeys = 25;
    private const string OtherETag = "\"00000000000000000000000000000000\"";

    public static IReadOnlyList<MatrixOperation> All { get; } =
    [
        MatrixOperation.Whole("head", HeadAsync),
        MatrixOperation.Whole("user metadata", MetadataAsync),
        MatrixOperation.Whole("copy", CopyAsync),
        MatrixOperation.Whole("list, prefix and delimiter", ListAsync),
        MatrixOperation.Whole("list in pages", ListInPagesAsync),
        MatrixOperation.Whole("delete", DeleteAsync),
        MatrixOperation.Whole("delete many", DeleteManyAsync),
        MatrixOperation.Whole("get, If-None-Match", IfNoneMatchAsync),
        MatrixOperation.Whole("get, If-Match", IfMatchAsync),
    ];

    private static async Task HeadAsync(MatrixBench bench)
    {
        await bench.MakeObjectAsync("head/object", Bytes);
        ObjectFacts truth = (await bench.Origin.FindAsync("head/object"))!;
        for (int pass = 0; pass < 2; pass++)
        {
            ObjectFacts facts = await bench.Client.HeadAsync("head/object");
            Assert.Equal(Bytes, facts.Bytes);
            Assert.Equal(truth.ETag, facts.ETag ?? truth.ETag);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => bench.Client.HeadAsync("head/none"));
    }

    private static async Task MetadataAsync(MatrixBench bench)
    {
        const string Name = "colour";
        const string Value = "deep blue, nearly black";
        await bench.Client.PutWithMetadataAsync("metadata/object", bench.Make(Bytes).Path, Name, Value);
        ObjectFacts? truth = await bench.Origin.FindAsync("metadata/object");
        Assert.Equal(Value, truth?.Metadata?.GetValueOrDefault(Name));
        for (int pass = 0; pass < 2; pass++)
        {
            ObjectFacts facts = await bench.Client.HeadAsync("metadata/object");
            Assert.Equal(Value, facts.Metadata?.GetValueOrDefault(Name));
        }
    }

    private static async Task CopyAsync(MatrixBench bench)
    {
        MadeFile file = await bench.MakeObjectAsync("copy/a source (1+1)", Bytes);
        await bench.Client.CopyAsync("copy/a source (1+1)", "copy/a target é");
        await bench.Origin.ExpectAsync("copy/a target é", file);
    }

    private static async Task ListAsync(MatrixBench bench)
    {
        MadeFile file = bench.Make(1);
        string[] keys = ["list/a+b", "list/c d", "list/é&<>\"", "list/sub 1/x", "list/sub+2/y", "list/sub+2/z"];
        foreach (string key in keys)
        {
            await bench.Origin.PutAsync(key, file);
        }

        Listing listing = await bench.Client.ListAsync("list/", pageSize: null);
        Assert.Equal(keys[..3].Order(StringComparer.Ordinal), listing.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["list/sub 1/", "list/sub+2/"], listing.Prefixes.Order(StringComparer.Ordinal));
    }

    private static async Task ListInPagesAsync(MatrixBench bench)
    {
        MadeFile file = bench.Make(1);
        string[] keys = [.. Enumerable.Range(0, PagedKeys).Select(index => $"pages/key+{index:d2}")];
        foreach (string key in keys)
        {
            await bench.Origin.PutAsync(key, file);
        }

        Listing listing = await bench.Client.ListAsync("pages/", PageSize);
        Assert.Equal(keys, listing.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(listing.Prefixes);
    }

    private static async Task DeleteAsync(MatrixBench bench)
    {
        await bench.MakeObjectAsync("delete/object", Bytes);
        await bench.Client.GetAsync("delete/object", bench.NewPath());
        await bench.Client.DeleteAsync("delete/object");
        Assert.Null(await bench.Origin.FindAsync("delete/object"));
        await Assert.ThrowsAnyAsync<Exception>(() => bench.Client.GetAsync("delete/object", bench.NewPath()));
    }

    private static async Task DeleteManyAsync(MatrixBench bench)
    {
        string[] keys = ["delete-many/1 + 1", "delete-many/2&<\"'>", "delete-many/é", "delete-many/4", "delete-many/sub/5"];
        foreach (string key in keys)
        {
            await bench.MakeObjectAsync(key, Bytes);
        }

        // Two are cached, and gone all the same.
        string[] read = [keys[0], keys[^1]];
        foreach (string key in read)
        {
            await bench.Client.GetAsync(key, bench.NewPath());
        }

        await bench.Client.DeleteManyAsync("delete-many/", keys);
        Assert.Empty(await bench.Origin.ListAsync("delete-many/"));
        foreach (string key in read)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => bench.Client.GetAsync(key, bench.NewPath()));
        }
    }

    private static async Task IfNoneMatchAsync(MatrixBench bench)
    {
        MadeFile file = await bench.MakeObjectAsync("if-none-match/object", Bytes);
        string etag = (await bench.Origin.FindAsync("if-none-match/object"))!.ETag!;
        string path = bench.NewPath();
        Assert.False(await bench.Client.GetIfNoneMatchAsync("if-none-match/object", etag, bench.NewPath()), "Sent although the entity tag is the same.");
        Assert.True(await bench.Client.GetIfNoneMatchAsync("if-none-match/object", OtherETag, path), "Not sent although the entity tag is another.");
        await file.ExpectAsync(path);
        Assert.False(await bench.Client.GetIfNoneMatchAsync("if-none-match/object", etag, bench.NewPath()), "Sent from the cache although the entity tag is the same.");
    }

    private static async Task IfMatchAsync(MatrixBench bench)
    {
        MadeFile file = await bench.MakeObjectAsync("if-match/object", Bytes);
        string etag = (await bench.Origin.FindAsync("if-match/object"))!.ETag!;
        string path = bench.NewPath();
        Assert.False(await bench.Client.GetIfMatchAsync("if-match/object", OtherETag, bench.NewPath()), "Sent although the entity tag is another.");
        Assert.True(await bench.Client.GetIfMatchAsync("if-match/object", etag, path), "Not sent although the entity tag is the same.");
        await file.ExpectAsync(path);
        Assert.False(await bench.Client.GetIfMatchAsync("if-match/object", OtherETag, bench.NewPath()), "Sent from the cache although the entity tag is another.");
    }
}
