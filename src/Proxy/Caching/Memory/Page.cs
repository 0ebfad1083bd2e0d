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
    /// <param name="bytes">At least one byte.</param>
    /// <param name="socket">A connected stream socket whose handle does not block.</param>
    /// <param name="mayRefer">False to have the bytes copied, whatever they lie in.</param>
    /// <param name="moreFollows">True when more is sent at once, so that a short segment may wait for it.</param>
    /// <returns>As <see cref="SocketOutput.TrySend"/>.</returns>
    public static int TrySend(ReadOnlyMemory<byte> bytes, SafeHandle socket, bool mayRefer, bool moreFollows)
    {
        if (!MemoryMarshal.TryGetMemoryManager(bytes, out Page? page, out int start, out _) || !(page.IsWorthPunching(bytes.Length) && mayRefer))
        {
            return SocketOutput.TrySend(socket, bytes.Span, moreFollows);
        }

        page.WasSent = true;
        return SocketOutput.TrySendFile(socket, page._file!.Descriptor, page.Offset + start, bytes.Length);
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

    /// <summary>
    /// True when bytes of the page may go without a copy. The first time costs a punch and new memory when the page is lent again, as much as several copies; so that
    /// many are made first, and a page that is read and evicted never costs more than twice the cheaper of the two ways.
    /// </summary>
    private bool IsWorthPunching(int bytes)
    {
        if (_file is not { CanPunch: true } || Blocks is not null)
        {
            return false;
        }

        if (_wasSent)
        {
            return true;
        }

        // A lost update only makes for a copy more.
        long copied = Volatile.Read(ref _copied);
        Volatile.Write(ref _copied, copied + bytes);
        return copied >= _copiedFirst;
    }
}
