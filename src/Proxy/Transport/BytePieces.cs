using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using S3Proxy.Coalescing;

namespace S3Proxy.Transport;

/// <summary>Bytes that follow one another in a body, in as many pieces as they lie in memory. Whoever made it keeps them there.</summary>
internal struct BytePieces
{
    /// <summary>A slice of 1 MiB, whose rest may lie in two pieces: what goes to a socket by one call at most. Fewer cost more calls and wake the other side more often; many more would not fit into its buffers.</summary>
    public const int MaxCount = 17;

    private Storage _pieces;
    private int _count;

    /// <param name="piece">All of the bytes.</param>
    public BytePieces(ReadOnlyMemory<byte> piece)
    {
        _pieces[0] = piece;
        _count = 1;
        Bytes = piece.Length;
    }

    /// <summary>Sum of the pieces' lengths.</summary>
    public int Bytes { get; private set; }

    /// <summary>The pieces in their order.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<ReadOnlyMemory<byte>> All => ((ReadOnlySpan<ReadOnlyMemory<byte>>)_pieces)[.._count];

    /// <summary>What lies at a cursor that is not parked: as much as is there, at most <paramref name="atMost"/> bytes.</summary>
    public static BytePieces At(SharedBodyCursor cursor, long atMost)
    {
        BytePieces pieces = default;
        pieces._count = cursor.Peek(pieces._pieces, atMost, out int bytes);
        pieces.Bytes = bytes;
        return pieces;
    }

    [InlineArray(MaxCount)]
    private struct Storage
    {
        private ReadOnlyMemory<byte> _first;
    }
}
