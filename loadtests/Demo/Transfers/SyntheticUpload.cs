using System.Net;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Transfers;

/// <summary>A request's body made as it is sent.</summary>
internal sealed class SyntheticUpload(SyntheticContent content) : HttpContent
{
    private const int BlockBytes = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BlockBytes];
        for (long offset = 0; offset < content.Length;)
        {
            int count = (int)Math.Min(block.Length, content.Length - offset);
            content.Fill(offset, block.AsSpan(0, count));
            await stream.WriteAsync(block.AsMemory(0, count), cancellationToken);
            offset += count;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.Length;
        return true;
    }
}
