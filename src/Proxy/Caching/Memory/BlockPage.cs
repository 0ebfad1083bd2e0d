namespace S3Proxy.Caching.Memory;

/// <summary>A page cut into equal blocks for bodies smaller than a page. Not thread-safe; the pool's lock protects it.</summary>
internal sealed class BlockPage
{
    private UInt128 _free;

    /// <summary>Cuts <paramref name="page"/> into blocks of <paramref name="blockBytes"/>, at most 128.</summary>
    public BlockPage(Page page, int sizeClass, int blockBytes, int pageBytes)
    {
        Page = page;
        SizeClass = sizeClass;
        BlockBytes = blockBytes;
        Count = pageBytes / blockBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, 128);
        _free = Count == 128 ? UInt128.MaxValue : (UInt128.One << Count) - 1;
    }

    public Page Page { get; }

    public int SizeClass { get; }

    public int BlockBytes { get; }

    public int Count { get; }

    public int Used { get; private set; }

    /// <summary>Where the page stands among those of its class that are not full.</summary>
    public int Place { get; set; }

    public bool IsFull => Used == Count;

    public bool IsEmpty => Used == 0;

    /// <summary>Lends a free block; the page is not full.</summary>
    public Memory<byte> Take()
    {
        int block = (int)UInt128.TrailingZeroCount(_free);
        _free &= ~(UInt128.One << block);
        Used++;
        return Page.Memory.Slice(block * BlockBytes, BlockBytes);
    }

    /// <summary>Takes back the block that begins at <paramref name="start"/>.</summary>
    public void GiveBack(int start)
    {
        UInt128 bit = UInt128.One << (start / BlockBytes);
        if ((_free & bit) != 0)
        {
            throw new InvalidOperationException("A block was given back twice.");
        }

        _free |= bit;
        Used--;
    }
}
