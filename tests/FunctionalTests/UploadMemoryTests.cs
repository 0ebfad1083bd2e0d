using System.Globalization;
using Microsoft.AspNetCore.Http;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>Large uploads are not held; requirement S7. Runs alone: the managed memory it measures is that of the whole process.</summary>
[Collection(nameof(UploadMemoryTests))]
[CollectionDefinition(nameof(UploadMemoryTests), DisableParallelization = true)]
public sealed class UploadMemoryTests
{
    [Fact]
    public async Task A_gibibyte_passes_in_little_memory()
    {
        const long Size = 1L << 30;
        const long Step = 256L << 20;
        const long Allowed = 24L << 20;
        SyntheticContent content = new(Size, 11);
        TaskCompletionSource<long> received = new();
        await using BareOrigin origin = await BareOrigin.StartAsync(async http => received.TrySetResult(await CheckAsync(http, content)));
        await using TestProxy proxy = await TestProxy.StartAsync(origin.Options);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        void Measure(long sent)
        {
            if (sent % Step == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        ChunkedUpload upload = new([])
        {
            DecodedLength = Size.ToString(CultureInfo.InvariantCulture),
            Stream = signing => new SyntheticUpload(content, signing, Measure),
        };
        using HttpResponseMessage put = await proxy.Signed.UploadAsync("object", upload);

        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        Assert.Equal(Size, await received.Task);
        Assert.InRange(most, long.MinValue, Allowed);
    }

    /// <summary>Compares the body with what it should be as it comes.</summary>
    private static async Task<long> CheckAsync(HttpContext http, SyntheticContent content)
    {
        byte[] buffer = new byte[64 * 1024];
        byte[] expected = new byte[buffer.Length];
        long position = 0;
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer)) > 0)
        {
            content.Fill(position, expected.AsSpan(0, read));
            if (!buffer.AsSpan(0, read).SequenceEqual(expected.AsSpan(0, read)))
            {
                throw new InvalidDataException($"The body differs between bytes {position} and {position + read}.");
            }

            position += read;
        }

        return position;
    }
}
