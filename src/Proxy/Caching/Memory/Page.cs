using System.Buffers;

namespace S3Proxy.Caching.Memory;

/// <summary>A page of native memory, outside the garbage collector's way. Belongs to a <see cref="PagePool"/> for ever; lent to one owner at a time.</summary>
internal sealed unsafe class Page(byte* address, int bytes) : MemoryManager<byte>
{
    /// <summary>Set while the page is cut into blocks.</summary>
    public BlockPage? Blocks { get; set; }

    public override Span<byte> GetSpan() => new(address, bytes);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)bytes, nameof(elementIndex));
        return new MemoryHandle(address + elementIndex);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
