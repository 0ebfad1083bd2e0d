using System.Net;

namespace S3Proxy.ConformanceTests.Clients.Operations;

/// <summary>Reads and writes by those who have no keys of the proxy: presigned URLs, used by a plain HTTP client; a proxy that anybody may read through; and one that leaves it
/// to the gateway who may do what.</summary>
internal static class Sharing
{
    private const int Bytes = 50_000;
    private const string Key = "a b+c (é)/%2F.bin";

    public static IReadOnlyList<MatrixOperation> All { get; } =
    [
        MatrixOperation.Whole("presigned GET", PresignedGetAsync),
        MatrixOperation.Whole("presigned PUT", PresignedPutAsync),
        MatrixOperation.Whole("anonymous get", AnonymousAsync),
        MatrixOperation.Whole("passthrough get", PassthroughGetAsync),
        MatrixOperation.Whole("passthrough put", PassthroughPutAsync),
    ];

    private static async Task PresignedGetAsync(MatrixBench bench)
    {
        string key = $"presigned/{Key}";
        MadeFile file = await bench.MakeObjectAsync(key, Bytes);
        Uri url = await bench.Client.PresignGetAsync(key);
        for (int pass = 0; pass < 2; pass++)
        {
            await using Stream body = await bench.Http.GetStreamAsync(url);
            await file.ExpectAsync(body);
        }

        // The object is cached by now; a URL for another one must not open it.
        Uri forged = ClientUrl.Parse(url.OriginalString.Replace("presigned/", "presigned-too/", StringComparison.Ordinal));
        using HttpResponseMessage refusal = await bench.Http.GetAsync(forged);
        Assert.Equal(HttpStatusCode.Forbidden, refusal.StatusCode);
    }

    private static async Task PresignedPutAsync(MatrixBench bench)
    {
        string key = $"presigned-put/{Key}";
        MadeFile file = bench.Make(Bytes);
        using ByteArrayContent content = new(await File.ReadAllBytesAsync(file.Path));
        using HttpResponseMessage answer = await bench.Http.PutAsync(await bench.Client.PresignPutAsync(key), content);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        await bench.Origin.ExpectAsync(key, file);
    }

    private static async Task AnonymousAsync(MatrixBench bench)
    {
        MadeFile file = await bench.MakeObjectAsync("anonymous/object", Bytes);
        await using (IMatrixClient nobody = await bench.OpenAnotherAsync(bench.Access.Anonymous))
        {
            await ExpectTwiceAsync(bench, nobody, "anonymous/object", file);
        }

        await bench.Client.GetAsync("anonymous/object", bench.NewPath());
        await ExpectRefusalAsync(bench, bench.Access.Signed.AsNobody(), "anonymous/object");
    }

    private static async Task PassthroughGetAsync(MatrixBench bench)
    {
        MadeFile file = await bench.MakeObjectAsync("passthrough/object", Bytes);
        await using IMatrixClient owner = await bench.OpenAnotherAsync(bench.Access.Passthrough);
        await ExpectTwiceAsync(bench, owner, "passthrough/object", file);
        await ExpectRefusalAsync(bench, bench.Access.PassthroughStranger, "passthrough/object");
    }

    /// <summary>What the proxy may not touch the gateway itself must take: whether it does is asked first.</summary>
    private static async Task PassthroughPutAsync(MatrixBench bench)
    {
        await using IMatrixClient direct = await bench.OpenAnotherAsync(bench.Access.Direct);
        try
        {
            await direct.PutAsync("passthrough-put/direct", bench.Make(Bytes).Path);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new NotOfferedException("Ceph 16.2 refuses this client's uploads, which have trailing checksums, with and without a proxy before it");
        }

        await using IMatrixClient owner = await bench.OpenAnotherAsync(bench.Access.Passthrough);
        for (int version = 0; version < 2; version++)
        {
            MadeFile file = bench.Make(Bytes);
            await owner.PutAsync("passthrough-put/object", file.Path);
            await bench.Origin.ExpectAsync("passthrough-put/object", file);
            string path = bench.NewPath();
            await owner.GetAsync("passthrough-put/object", path);
            await file.ExpectAsync(path);
        }
    }

    private static async Task ExpectTwiceAsync(MatrixBench bench, IMatrixClient client, string key, MadeFile file)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            string path = bench.NewPath();
            await client.GetAsync(key, path);
            await file.ExpectAsync(path);
        }
    }

    private static Task<Exception> ExpectRefusalAsync(MatrixBench bench, ClientAccess access, string key) => Assert.ThrowsAnyAsync<Exception>(async () =>
    {
        await using IMatrixClient client = await bench.OpenAnotherAsync(access);
        await client.GetAsync(key, bench.NewPath());
    });
}
