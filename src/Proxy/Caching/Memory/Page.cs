using System.Buffers;
using System.Runtime.InteropServices;
using S3Proxy.Native;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// A page of memory outside the garbage collector's way, native or of a <see cref="MemoryFile"/>. Belongs to a <see cref="PagePool"/> for ever; lent to one
/// owner at a time.
/// </summary>
internal sealed unsafe class Page : MemoryManager<byte>
{
    private readonly byte* _address;
    private readonly int _bytes;
    private readonly MemoryFile? _file;
    private readonly long _copiedFirst;
    private long _copied;
    private volatile bool _wasSent;

    /// <summary>A page of native memory: it can only be copied from.</summary>
    public Page(byte* address, int bytes)
    {
        _address = address;
        _bytes = bytes;
    }

    /// <summary>A page of <paramref name="file"/>, whose bytes a socket can take without a copy.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the page begins in it.</param>
    /// <param name="bytes">Size of the page.</param>
    /// <param name="copiedFirst">Bytes that are copied from the page, each time it is lent, before the first go without a copy.</param>
    public Page(MemoryFile file, long offset, int bytes, long copiedFirst)
        : this((byte*)file.Address + offset, bytes)
    {
        _file = file;
        _copiedFirst = copiedFirst;
        Offset = offset;
    }

    /// <summary>Set while the page is cut into blocks.</summary>
    public BlockPage? Blocks { get; set; }

    /// <summary>Where the page begins in its file.</summary>
    public long Offset { get; }

    /// <summary>
    /// True when a socket was given bytes of the page and may still hold them: nothing may be written to it until it was punched, which clears the mark. Set
    /// only while the page is lent.
    /// </summary>
    public bool WasSent
    {
        get => _wasSent;
        set => _wasSent = value;
    }

    /// <summary>
    /// Sends what <paramref name="socket"/> takes at once: without a copy from a page of a file that is lent as a whole and read often, else with the one copy that
    /// the system makes. The caller holds what was lent.
    /// </summary>
    /// <param name="head">Sent before them, always copied; may be empty.</param>
    /// <param name="pieces">At least one, none empty, which follow one another.</param>
    /// <param name="socket">A connected stream socket whose handle does not block.</param>
    /// <param name="mayRefer">False to have the bytes copied, whatever they lie in.</param>
    /// <param name="moreFollows">True when more is sent at once, so that a short segment may wait for it.</param>
    /// <returns>As <see cref="SocketOutput"/> tells it, with the bytes of <paramref name="head"/>.</returns>
    public static int TrySend(ReadOnlySpan<byte> head, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, SafeHandle socket, bool mayRefer, bool moreFollows)
    {
        fixed (byte* first = head)
        {
            return TrySend(new OutputVector(first, head.Length), pieces, socket, mayRefer, moreFollows);
        }
    }

    /// <summary>Counts anew what is copied from the page; called when it is lent.</summary>
    public void BeginLoan() => Volatile.Write(ref _copied, 0);

    public override Span<byte> GetSpan() => new(_address, _bytes);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_bytes, nameof(elementIndex));
        return new MemoryHandle(_address + elementIndex);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }

    private static int TrySend(OutputVector head, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, SafeHandle socket, bool mayRefer, bool moreFollows)
    {
        // Pieces that are copied go by one call, as far as none between them goes without a copy.
        Span<OutputVector> copied = stackalloc OutputVector[pieces.Length + 1];
        int headBytes = (int)head.Bytes;
        int count = headBytes > 0 ? 1 : 0;
        copied[0] = head;
        int first = 0;
        int total = 0;
        for (int next = 0; next < pieces.Length; next++)
        {
            ReadOnlyMemory<byte> piece = pieces[next];
            bool isPage = MemoryMarshal.TryGetMemoryManager(piece, out Page? page, out int start, out _);
            if (isPage && !(mayRefer && page!.IsWorthPunching))
            {
                copied[count++] = new OutputVector(page!._address + start, piece.Length);
                continue;
            }

            bool isLast = next == pieces.Length - 1;
            if (!SendCopied(socket, copied[..count], headBytes, pieces[first..next], moreFollows: true, ref total)
                || !Add(isPage ? page!.Refer(socket, start, piece.Length) : SocketOutput.TrySend(socket, piece.Span, moreFollows || !isLast), piece.Length, ref total))
            {
                return total;
            }

            count = 0;
            headBytes = 0;
            first = next + 1;
        }

        SendCopied(socket, copied[..count], headBytes, pieces[first..], moreFollows, ref total);
        return total;
    }

    /// <summary>Sends copies of pieces, behind a head in the first vector, and counts what was copied of each page.</summary>
    private static bool SendCopied(
        SafeHandle socket, ReadOnlySpan<OutputVector> copied, int headBytes, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, bool moreFollows, ref int total)
    {
        int sent = SocketOutput.TrySend(socket, copied, moreFollows);
        int left = sent - headBytes;
        for (int next = 0; next < pieces.Length && left > 0; next++)
        {
            if (MemoryMarshal.TryGetMemoryManager(pieces[next], out Page? page))
            {
                page.CountCopied(Math.Min(left, pieces[next].Length));
            }

            left -= pieces[next].Length;
        }

        return Add(sent, OutputVector.BytesOf(copied), ref total);
    }

    /// <summary>Adds what went to the total, or the failure when nothing had gone before. False when the socket took less than it was given.</summary>
    private static bool Add(int sent, int given, ref int total)
    {
        total = sent >= 0 ? total + sent : total > 0 ? total : sent;
        return sent == given;
    }

    private int Refer(SafeHandle socket, int start, int bytes)
    {
        WasSent = true;
        return SocketOutput.TrySendFile(socket, _file!.Descriptor, Offset + start, bytes);
    }

    /// <summary>
    /// True when bytes of the page may go without a copy. The first time costs a punch and new memory when the page is lent again, as much as several copies; so that
    /// many are made first, and a page that is read and evicted never costs more than twice the cheaper of the two ways.
    /// </summary>
    private bool IsWorthPunching => _file is { CanPunch: true } && Blocks is null && (_wasSent || Volatile.Read(ref _copied) >= _copiedFirst);

    /// <summary>Notes that bytes of the page were copied for a socket. A lost update only makes for a copy more.</summary>
    private void CountCopied(int bytes)
    {
        if (_file is { CanPunch: true } && Blocks is null && !_wasSent)
        {
            Volatile.Write(ref _copied, Volatile.Read(ref _copied) + bytes);
        }
    }
}
