using System.Net;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>The body of an upload that gives its first mebibyte, waits until the origin has the request, and only then the rest.</summary>
internal sealed class GatedUpload(SyntheticContent content, OriginTraffic traffic) : HttpContent
{
    /// <summary>Called between the two.</summary>
    public Action OnSeenByOrigin { get; init; } = () => { };

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[] piece = new byte[Reads.MiB];
        for (long offset = 0; offset < content.Length; offset += piece.Length)
        {
            int count = (int)Math.Min(piece.Length, content.Length - offset);
            content.Fill(offset, piece.AsSpan(0, count));
            await stream.WriteAsync(piece.AsMemory(0, count));
            await stream.FlushAsync();
            if (offset == 0)
            {
                await traffic.WaitUntilAsync(static seen => seen.ActiveRequests > 0);
                OnSeenByOrigin();
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.Length;
        return true;
    }
}
