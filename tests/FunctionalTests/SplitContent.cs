using System.Net;

namespace S3Proxy.FunctionalTests;

/// <summary>A body of which the first part is sent, then something happens, and then the rest is sent; or nothing more, if what happened throws.</summary>
internal sealed class SplitContent(byte[] body, int firstBytes, Func<Task> between) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body.AsMemory(0, firstBytes));
        await stream.FlushAsync();
        await between();
        await stream.WriteAsync(body.AsMemory(firstBytes));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
