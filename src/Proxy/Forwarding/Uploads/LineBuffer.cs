namespace S3Proxy.Forwarding.Uploads;

/// <summary>Collects one line that ends in CR LF, up to a bound. Used by one decoder.</summary>
internal sealed class LineBuffer
{
    /// <summary>
    /// Longest line without its end, in bytes. A chunk's header has at most 16 digits and a signature of 81 characters, a trailer a name and 64 digits.
    /// </summary>
    public const int MaxBytes = 256;

    private readonly byte[] _bytes = new byte[MaxBytes + 2];
    private int _length;

    /// <summary>The line without its end. Valid after <see cref="Take"/> returned <see cref="LineState.Whole"/>, until the next call of it.</summary>
    public ReadOnlySpan<byte> Line => _bytes.AsSpan(0, _length - 2);

    /// <summary>Takes bytes in up to the end of the line.</summary>
    public LineState Take(ReadOnlySpan<byte> input, out int consumed)
    {
        if (_length > 0 && _bytes[_length - 1] == (byte)'\n')
        {
            _length = 0;
        }

        int end = input.IndexOf((byte)'\n');
        consumed = end < 0 ? input.Length : end + 1;
        if (consumed > _bytes.Length - _length)
        {
            return LineState.Broken;
        }

        input[..consumed].CopyTo(_bytes.AsSpan(_length));
        _length += consumed;
        if (end < 0)
        {
            return LineState.Partial;
        }

        return _length >= 2 && _bytes[_length - 2] == (byte)'\r' ? LineState.Whole : LineState.Broken;
    }
}
