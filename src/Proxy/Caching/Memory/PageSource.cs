using System.Runtime.InteropServices;
using S3Proxy.Native;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// Makes pages, from a file as far as there is one and it reaches, else in native slabs. Not thread-safe; the pool's lock protects it.
/// </summary>
internal sealed unsafe class PageSource(MemoryFile? file, long copiedFirst) : IDisposable
{
    private const int PagesPerSlab = 64;

    private readonly List<nint> _slabs = [];
    private int _slabPagesLeft;
    private long _filePages;

    /// <summary>Pages made.</summary>
    public long Count { get; private set; }

    public Page Make()
    {
        Count++;
        if (file is not null && (_filePages + 1) * PagePool.PageBytes <= file.Bytes)
        {
            return new Page(file, _filePages++ * PagePool.PageBytes, PagePool.PageBytes, copiedFirst);
        }

        if (_slabPagesLeft == 0)
        {
            _slabs.Add((nint)NativeMemory.AlignedAlloc((nuint)PagesPerSlab * PagePool.PageBytes, 4096));
            _slabPagesLeft = PagesPerSlab;
        }

        byte* slab = (byte*)_slabs[^1];
        return new Page(slab + ((long)(PagesPerSlab - _slabPagesLeft--) * PagePool.PageBytes), PagePool.PageBytes);
    }

    /// <summary>Gives all memory back; no page may be used any more.</summary>
    public void Dispose()
    {
        foreach (nint slab in _slabs)
        {
            NativeMemory.AlignedFree((void*)slab);
        }

        _slabs.Clear();
        _slabPagesLeft = 0;
        Count = 0;
        file?.Dispose();
    }
}
