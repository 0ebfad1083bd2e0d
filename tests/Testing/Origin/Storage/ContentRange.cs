namespace S3Proxy.Testing.Origin.Storage;

/// <summary>Part of another content.</summary>
internal sealed class ContentRange(ObjectContent source, long start, long length) : ObjectContent
{
    public override long Length => length;

    public override void Read(long offset, Span<byte> destination) => source.Read(start + offset, destination);
}
