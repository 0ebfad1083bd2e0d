using System.Diagnostics.CodeAnalysis;
using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <summary>The pages that are cut into blocks and have room, by the size of their blocks. Not thread-safe; the pool's lock protects it.</summary>
internal sealed class CutPages
{
    /// <summary>Bytes of the largest block.</summary>
    public const int MaxBlockBytes = SegmentLayout.HalfBytes;

    /// <summary>A page holds 128 to 2 of these; from 2 KiB on each is larger than the one before by a fifth to a half. Finer steps gain little, and each class keeps a page that is not full.</summary>
    private static readonly int[] BlockClasses =
        [512, 768, 1024, 1536, 2048, 2688, 3264, 4096, 5440, 6528, 8192, 10880, 13056, 16384, SegmentLayout.MaxSplitBytes - SegmentLayout.HalfBytes, MaxBlockBytes];

    private readonly List<BlockPage>[] _withRoom = [.. BlockClasses.Select(static _ => new List<BlockPage>())];

    /// <summary>Lends a block for <paramref name="bytes"/>, at most <see cref="MaxBlockBytes"/>, of a page that has room; false when none has.</summary>
    public bool TryTake(int bytes, out Memory<byte> memory, [NotNullWhen(true)] out Page? page)
    {
        List<BlockPage> withRoom = _withRoom[ClassOf(bytes)];
        if (withRoom.Count == 0)
        {
            (memory, page) = (default, null);
            return false;
        }

        BlockPage blocks = withRoom[^1];
        (memory, page) = (blocks.Take(), blocks.Page);
        if (blocks.IsFull)
        {
            withRoom.RemoveAt(withRoom.Count - 1);
        }

        return true;
    }

    /// <summary>Cuts a page that was lent as a whole, and lends its first block.</summary>
    public Memory<byte> Cut(Page page, int bytes)
    {
        int sizeClass = ClassOf(bytes);
        BlockPage blocks = new(page, sizeClass, BlockClasses[sizeClass], PagePool.PageBytes);
        page.Blocks = blocks;
        Add(blocks);
        return blocks.Take();
    }

    /// <summary>Takes back the block that begins at <paramref name="start"/>. True when it was the last one lent, so that the page is whole again.</summary>
    public bool GiveBack(BlockPage blocks, int start)
    {
        bool wasFull = blocks.IsFull;
        blocks.GiveBack(start);
        if (wasFull)
        {
            Add(blocks);
        }

        if (!blocks.IsEmpty)
        {
            return false;
        }

        Remove(blocks);
        blocks.Page.Blocks = null;
        return true;
    }

    private static int ClassOf(int bytes)
    {
        int sizeClass = 0;
        while (BlockClasses[sizeClass] < bytes)
        {
            sizeClass++;
        }

        return sizeClass;
    }

    private void Add(BlockPage blocks)
    {
        List<BlockPage> withRoom = _withRoom[blocks.SizeClass];
        blocks.Place = withRoom.Count;
        withRoom.Add(blocks);
    }

    /// <summary>The last takes its place: there may be a hundred thousand of them after a purge.</summary>
    private void Remove(BlockPage blocks)
    {
        List<BlockPage> withRoom = _withRoom[blocks.SizeClass];
        BlockPage last = withRoom[^1];
        withRoom[blocks.Place] = last;
        last.Place = blocks.Place;
        withRoom.RemoveAt(withRoom.Count - 1);
    }
}
