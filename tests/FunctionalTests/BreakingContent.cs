using System.Net;

namespace S3Proxy.FunctionalTests;

/// <summary>A body of which the first part is sent, then something is waited for, and then the client is gone.</summary>
internal sealed class BreakingContent(byte[] body, int sentBytes, Func<Task> until) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body.AsMemory(0, sentBytes));
        await stream.FlushAsync();
        await until();
        throw new IOException("the client is gone");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
