using S3Proxy.Testing.Integrity;

namespace S3Proxy.Testing.Origin.Storage;

/// <summary>Content that is computed and takes no memory.</summary>
internal sealed class GeneratedContent(SyntheticContent source) : ObjectContent
{
    public override long Length => source.Length;

    public override void Read(long offset, Span<byte> destination) => source.Fill(offset, destination);
}
