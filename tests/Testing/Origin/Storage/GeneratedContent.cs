using S3Proxy.Testing.Integrity;

namespace S3Proxy.Testing.Origin.Storage;

/// <summary>Content that is computed and takes no memory: a window of a source.</summary>
internal sealed class GeneratedContent(SyntheticContent source, long start, long length) : ObjectContent
{
    public override long Length => length;

    public override void Read(long offset, Span<byte> destination) => source.Fill(start + offset, destination);
}
