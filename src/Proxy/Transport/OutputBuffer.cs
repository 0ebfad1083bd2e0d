using System.Buffers;

namespace S3Proxy.Transport;

/// <summary>
/// Bytes written and not sent yet, in pooled arrays: a small one for headers, larger ones for what follows. Empty, it holds none. Not thread-safe.
/// </summary>
internal sealed class OutputBuffer
{
    private const int FirstBytes = 4 * 1024;
    private const int NextBytes = 32 * 1024;

    private readonly Block _first = new();
    private Block _head;
    private Block _tail;
    private int _lentBytes;

    public OutputBuffer()
    {
        _head = _first;
        _tail = _first;
    }

    /// <summary>Bytes written and not consumed.</summary>
    public int Length { get; private set; }

    /// <summary>Room for at least <paramref name="sizeHint"/> bytes, and for one.</summary>
    public Memory<byte> GetMemory(int sizeHint)
    {
        byte[]? array = _tail.Array;
        if (array is null)
        {
            _tail.Array = array = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, FirstBytes));
        }
        else if (array.Length - _tail.End < Math.Max(sizeHint, 1))
        {
            array = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, NextBytes));
            if (_tail.Start == _tail.End)
            {
                ArrayPool<byte>.Shared.Return(_tail.Array!);
                _tail.Start = 0;
                _tail.End = 0;
            }
            else
            {
                _tail.Next = new Block();
                _tail = _tail.Next;
            }

            _tail.Array = array;
        }

        _lentBytes = array.Length - _tail.End;
        return array.AsMemory(_tail.End);
    }

    /// <summary>Counts <paramref name="bytes"/> of the memory lent last as written.</summary>
    public void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _lentBytes);
        _tail.End += bytes;
        _lentBytes -= bytes;
        Length += bytes;
    }

    /// <summary>The oldest bytes as far as they lie together; not empty while <see cref="Length"/> is not 0.</summary>
    public ReadOnlyMemory<byte> Peek() => _head.Array.AsMemory(_head.Start, _head.End - _head.Start);

    /// <summary>Forgets <paramref name="bytes"/> of what <see cref="Peek"/> shows.</summary>
    public void Consume(int bytes)
    {
        _head.Start += bytes;
        Length -= bytes;
        if (Length == 0)
        {
            Clear();
        }
        else if (_head.Start == _head.End)
        {
            ArrayPool<byte>.Shared.Return(_head.Array!);
            _head = _head.Next!;
        }
    }

    /// <summary>Forgets everything and gives the arrays back. What <see cref="GetMemory"/> has lent must not be used any more.</summary>
    public void Clear()
    {
        for (Block? block = _head; block is not null; block = block.Next)
        {
            if (block.Array is { } array)
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }

        _first.Array = null;
        _first.Next = null;
        _first.Start = 0;
        _first.End = 0;
        _head = _first;
        _tail = _first;
        _lentBytes = 0;
        Length = 0;
    }

    private sealed class Block
    {
        public byte[]? Array { get; set; }

        public int Start { get; set; }

        public int End { get; set; }

        public Block? Next { get; set; }
    }
}
