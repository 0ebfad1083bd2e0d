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
    private volatile bool _wasSent;

    /// <summary>A page of native memory: it can only be copied from.</summary>
    public Page(byte* address, int bytes)
    {
        _address = address;
        _bytes = bytes;
    }

    /// <summary>A page of <paramref name="file"/>, whose bytes a socket can take without a copy.</summary>
    public Page(MemoryFile file, long offset, int bytes)
        : this((byte*)file.Address + offset, bytes)
    {
        _file = file;
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

    /// <summary>True when the bytes lie in one page of a file that is lent as a whole. The caller holds what was lent.</summary>
    public static bool IsSendable(ReadOnlyMemory<byte> bytes) => Find(bytes, out _) is not null;

    /// <summary>Sends what <paramref name="socket"/> takes at once of bytes without a copy: none when they are not sendable.</summary>
    /// <returns>As <see cref="SocketOutput.TrySendFile"/>.</returns>
    public static int TrySend(ReadOnlyMemory<byte> bytes, SafeHandle socket)
    {
        Page? page = Find(bytes, out int start);
        if (page is null)
        {
            return 0;
        }

        page.WasSent = true;
        return SocketOutput.TrySendFile(socket, page._file!.Descriptor, page.Offset + start, bytes.Length);
    }

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

    private static Page? Find(ReadOnlyMemory<byte> bytes, out int start) =>
        MemoryMarshal.TryGetMemoryManager(bytes, out Page? page, out start, out _) && page._file is { CanPunch: true } && page.Blocks is null ? page : null;
}
