namespace S3Proxy.Testing.Origin.Storage;

/// <summary>Several contents one after another: the parts of a multipart upload.</summary>
internal sealed class JoinedContent : ObjectContent
{
    private readonly ObjectContent[] _parts;

    /// <summary>Offset of each part's first byte; ascending.</summary>
    private readonly long[] _starts;

    public JoinedContent(IReadOnlyList<ObjectContent> parts)
    {
        _parts = [.. parts];
        _starts = new long[_parts.Length];
        long length = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            _starts[i] = length;
            length += _parts[i].Length;
        }

        Length = length;
    }

    public override long Length { get; }

    public override void Read(long offset, Span<byte> destination)
    {
        int found = Array.BinarySearch(_starts, offset);
        for (int i = found >= 0 ? found : ~found - 1; !destination.IsEmpty; i++)
        {
            long within = offset - _starts[i];
            int count = (int)Math.Min(destination.Length, _parts[i].Length - within);
            _parts[i].Read(within, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }
}
