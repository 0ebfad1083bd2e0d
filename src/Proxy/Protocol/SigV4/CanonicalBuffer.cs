using System.Buffers;
using System.Text;

namespace S3Proxy.Protocol.SigV4;

/// <summary>
/// A growing byte buffer that begins on the caller's stack and continues in pooled memory. Dispose it. Canonical requests hold header
/// values, so what went into the pool is cleared.
/// </summary>
internal ref struct CanonicalBuffer
{
    /// <summary>Bytes that hold the canonical request of most reads; a fit size for the initial stack buffer.</summary>
    public const int StackBytes = 1024;

    private const int MaxUtf8BytesPerChar = 3;

    private Span<byte> _bytes;
    private byte[]? _rented;
    private int _length;

    public CanonicalBuffer(Span<byte> initial) => _bytes = initial;

    public readonly ReadOnlySpan<byte> Written => _bytes[.._length];

    public readonly int Length => _length;

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void Append(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        _length += value.Length;
    }

    /// <summary>Appends text as UTF-8.</summary>
    public void Append(scoped ReadOnlySpan<char> text) =>
        _length += Encoding.UTF8.GetBytes(text, Reserve(text.Length * MaxUtf8BytesPerChar));

    /// <summary>Appends text percent-encoded by the rules of <see cref="S3Uri"/>.</summary>
    public void AppendEncoded(scoped ReadOnlySpan<char> text, bool keepSlash)
    {
        if (S3Uri.IsPlain(text, keepSlash))
        {
            Append(text);
            return;
        }

        int maxUtf8Bytes = text.Length * MaxUtf8BytesPerChar;
        Span<byte> room = Reserve(maxUtf8Bytes * 4);
        Span<byte> utf8 = room[(maxUtf8Bytes * 3)..];
        int length = Encoding.UTF8.GetBytes(text, utf8);
        _length += S3Uri.Encode(utf8[..length], room, keepSlash);
    }

    /// <summary>
    /// Appends a path that was decoded and encoded again, which gives every spelling of it one form. False, with nothing appended, when an
    /// escape is broken.
    /// </summary>
    public bool TryAppendNormalizedPath(scoped ReadOnlySpan<char> rawPath)
    {
        if (S3Uri.IsPlain(rawPath, keepSlash: true))
        {
            Append(rawPath);
            return true;
        }

        Span<byte> room = Reserve(rawPath.Length * 4);
        Span<byte> decoded = room[(rawPath.Length * 3)..];
        if (!S3Uri.TryDecodeBytes(rawPath, plusIsSpace: false, decoded, out int length))
        {
            return false;
        }

        _length += S3Uri.Encode(decoded[..length], room, keepSlash: true);
        return true;
    }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            _bytes = default;
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + bytes));
            Written.CopyTo(larger);
            if (_rented is { } old)
            {
                ArrayPool<byte>.Shared.Return(old, clearArray: true);
            }

            _rented = larger;
            _bytes = larger;
        }

        return _bytes[_length..];
    }
}
