using System.Net;

namespace S3Proxy.ConformanceTests.Clients.Operations;

/// <summary>Reads and writes by those who have no keys: presigned URLs, used by a plain HTTP client, and buckets that anybody may read.</summary>
internal static class Sharing
{
    private const int Bytes = 50_000;
    private const string Key = "a b+c (é)/%2F.bin";

    public static IReadOnlyList<MatrixOperation> All { get; } =
    [
        MatrixOperation.Whole("presigned GET", PresignedGetAsync),
        MatrixOperation.Whole("presigned PUT", PresignedPutAsync),
        MatrixOperation.Whole("anonymous get", AnonymousAsync),
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
        await using (IMatrixClient nobody = await bench.OpenAnotherAsync(bench.Anonymous))
        {
            for (int pass = 0; pass < 2; pass++)
            {
                string path = bench.NewPath();
                await nobody.GetAsync("anonymous/object", path);
                await file.ExpectAsync(path);
            }
        }

        await bench.Client.GetAsync("anonymous/object", bench.NewPath());
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using IMatrixClient nobody = await bench.OpenAnotherAsync(bench.Access.AsNobody());
            await nobody.GetAsync("anonymous/object", bench.NewPath());
        });
    }
}
