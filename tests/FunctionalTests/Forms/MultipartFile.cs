using System.Net;

namespace S3Proxy.FunctionalTests.Forms;

/// <summary>A form whose file is a content of its own, so that it can be made while it is sent.</summary>
internal sealed class MultipartFile(ReadOnlyMemory<byte> head, HttpContent file, ReadOnlyMemory<byte> ending) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(head);
        await file.CopyToAsync(stream);
        await stream.WriteAsync(ending);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = head.Length + file.Headers.ContentLength!.Value + ending.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
