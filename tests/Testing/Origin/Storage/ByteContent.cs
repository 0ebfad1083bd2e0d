namespace S3Proxy.Testing.Origin.Storage;

/// <summary>Content held in memory. Owns the array: nobody writes to it any more.</summary>
internal sealed class ByteContent(byte[] bytes) : ObjectContent
{
    public static ByteContent Empty { get; } = new([]);

    public override long Length => bytes.Length;

    public override void Read(long offset, Span<byte> destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
}
