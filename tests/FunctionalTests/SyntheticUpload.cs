using System.Globalization;
using System.Net;
using System.Text;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Uploads;

namespace S3Proxy.FunctionalTests;

/// <summary>A large body in aws-chunked encoding that is made as it is sent.</summary>
internal sealed class SyntheticUpload(SyntheticContent content, AwsChunkSigning signing, Action<long> onSent) : HttpContent
{
    private const int ChunkBytes = 1 << 20;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        AwsChunkedEncoder encoder = new(signing);
        byte[] chunk = new byte[ChunkBytes];
        for (long offset = 0; offset < content.Length; offset += ChunkBytes)
        {
            content.Fill(offset, chunk);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(encoder.Header(chunk)));
            await stream.WriteAsync(chunk);
            await stream.WriteAsync("\r\n"u8.ToArray());
            onSent(offset + ChunkBytes);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(encoder.End(null, null)));
    }

    protected override bool TryComputeLength(out long length)
    {
        const int SignatureBytes = 81;
        long chunks = content.Length / ChunkBytes;
        int digits = ChunkBytes.ToString("x", CultureInfo.InvariantCulture).Length;
        length = content.Length + (chunks * (digits + SignatureBytes + 4)) + 1 + SignatureBytes + 4;
        return true;
    }
}
