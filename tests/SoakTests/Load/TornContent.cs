using System.Net;

namespace S3Proxy.SoakTests.Load;

/// <summary>An upload that promises <paramref name="body"/> and breaks off half-way: nothing of it may ever be seen.</summary>
internal sealed class TornContent(byte[] body) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
        await stream.FlushAsync();
        throw new IOException("The client breaks off its upload on purpose.");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
