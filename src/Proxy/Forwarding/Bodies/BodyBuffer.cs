using System.Buffers;
using System.Text.Unicode;
using S3Proxy.Transport;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>
/// A body held in one pooled array up to a limit. Going over the limit or appending text that UTF-8 cannot carry sets a flag and
/// drops what follows, so that writers need no check per append; whoever uses the bytes checks <see cref="IsIntact"/> once.
/// Owned by whoever made it; not thread-safe.
/// </summary>
internal sealed class BodyBuffer(int limitBytes) : IDisposable
{
    private const int FirstRentBytes = 16 * 1024;

    private byte[] _array = [];

    public int Length { get; private set; }

    /// <summary>More than the limit was offered.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Text with a lone surrogate was offered.</summary>
    public bool HasInvalidText { get; private set; }

    public bool IsIntact => !Overflowed && !HasInvalidText;

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    /// <summary>A read-only view of the bytes from <paramref name="offset"/>; valid until the next change of the buffer.</summary>
    public MemoryStream OpenRead(int offset) => new(_array, offset, Length - offset, writable: false);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (EnsureRoom(bytes.Length))
        {
            bytes.CopyTo(_array.AsSpan(Length));
            Length += bytes.Length;
        }
    }

    public void AppendUtf8(ReadOnlySpan<char> text)
    {
        const int WorstBytesPerChar = 3;
        const int PieceChars = 512;
        Span<byte> bytes = stackalloc byte[PieceChars * WorstBytesPerChar];
        while (!text.IsEmpty && IsIntact)
        {
            ReadOnlySpan<char> piece = text[..Math.Min(text.Length, PieceChars)];
            if (piece.Length < text.Length && char.IsHighSurrogate(piece[^1]))
            {
                piece = piece[..^1];
            }

            OperationStatus status = Utf8.FromUtf16(piece, bytes, out _, out int written, replaceInvalidSequences: false);
            HasInvalidText |= status != OperationStatus.Done;
            Append(bytes[..written]);
            text = text[piece.Length..];
        }
    }

    /// <summary>Forgets everything after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>Puts <paramref name="replacement"/>, which is not longer, in the place of <paramref name="length"/> bytes.</summary>
    public void Replace(int offset, int length, ReadOnlySpan<byte> replacement)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replacement.Length, length);
        replacement.CopyTo(_array.AsSpan(offset));
        _array.AsSpan(offset + length, Length - offset - length).CopyTo(_array.AsSpan(offset + replacement.Length));
        Length -= length - replacement.Length;
    }

    /// <summary>Appends what one read of <paramref name="source"/> gives. False at the end of the stream or when the limit is passed.</summary>
    public async ValueTask<bool> ReadOnceAsync(Stream source, CancellationToken cancellationToken)
    {
        if (Length == _array.Length)
        {
            // One byte more than the limit tells a body that fills it exactly from one that goes on.
            Grow(Math.Min((long)Length + FirstRentBytes, (long)limitBytes + 1));
        }

        int read = await source.ReadAsync(_array.AsMemory(Length), cancellationToken);
        await PoolThread.Switch();
        Length += read;
        if (Length > limitBytes)
        {
            Overflowed = true;
            Length = limitBytes;
        }

        return read > 0 && !Overflowed;
    }

    public void Dispose()
    {
        byte[] array = _array;
        _array = [];
        Length = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private bool EnsureRoom(int bytes)
    {
        if (!IsIntact || (long)Length + bytes > limitBytes)
        {
            Overflowed |= !HasInvalidText;
            return false;
        }

        if (Length + bytes > _array.Length)
        {
            Grow((long)Length + bytes);
        }

        return true;
    }

    private void Grow(long neededBytes)
    {
        long wanted = Math.Max(neededBytes, Math.Max(FirstRentBytes, 2L * _array.Length));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, Math.Max(neededBytes, (long)limitBytes + 1)));
        _array.AsSpan(0, Length).CopyTo(larger);
        byte[] old = _array;
        _array = larger;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
