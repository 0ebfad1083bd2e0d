using System.Runtime.InteropServices;
using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// The memory behind bodies: pages of <see cref="PageBytes"/> in native slabs, whole for large bodies and cut into blocks for small ones, never
/// more than its budget. What does not live in pages (metadata) is counted against the same budget.
/// </summary>
/// <remarks>
/// Thread-safe. <c>_lock</c> protects everything and is held for a few instructions; nothing is called while it is held. Slabs are made when first
/// needed and kept: the budget is what the process may hold, not what it holds at the start.
/// </remarks>
internal sealed unsafe class PagePool : ISegmentPool, IDisposable
{
    /// <summary>Bytes of a page, the segment size of bodies.</summary>
    public const int PageBytes = SharedBody.SegmentBytes;

    /// <summary>A body of this size or less gets a block, a larger one a page.</summary>
    public const int MaxBlockBytes = 32 * 1024;

    private const int PagesPerSlab = 64;
    private static readonly int[] BlockClasses =
        [512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 10880, 16384, 21824, MaxBlockBytes];

    private readonly Lock _lock = new();
    private readonly List<nint> _slabs = [];
    private readonly Stack<Page> _free = new();
    private readonly List<BlockPage>[] _partial;
    private readonly long _budgetBytes;
    private long _pagesInUse;
    private long _pagesReserved;
    private long _otherBytes;
    private TaskCompletionSource? _released;
    private bool _disposed;

    public PagePool(long budgetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budgetBytes, PageBytes);
        _budgetBytes = budgetBytes;
        _partial = new List<BlockPage>[BlockClasses.Length];
        for (int i = 0; i < _partial.Length; i++)
        {
            _partial[i] = [];
        }
    }

    /// <summary>Bound on all that is held, in bytes.</summary>
    public long BudgetBytes => _budgetBytes;

    /// <summary>Bytes of pages lent, in whole pages.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return (_pagesInUse * PageBytes) + _otherBytes;
            }
        }
    }

    /// <summary>Bytes promised to runs and not taken yet.</summary>
    public long ReservedBytes
    {
        get
        {
            lock (_lock)
            {
                return _pagesReserved * PageBytes;
            }
        }
    }

    /// <summary><see cref="UsedBytes"/> and <see cref="ReservedBytes"/> of one moment together: what <see cref="BudgetBytes"/> bounds.</summary>
    public long CommittedBytes
    {
        get
        {
            lock (_lock)
            {
                return ((_pagesInUse + _pagesReserved) * PageBytes) + _otherBytes;
            }
        }
    }

    /// <summary>Bytes got from the system.</summary>
    public long SlabBytes
    {
        get
        {
            lock (_lock)
            {
                return (long)_slabs.Count * PagesPerSlab * PageBytes;
            }
        }
    }

    /// <summary>Pages a body of <paramref name="bytes"/> may need.</summary>
    public static int PagesFor(int bytes) => (bytes + PageBytes - 1) / PageBytes;

    /// <summary>Promises <paramref name="pages"/>; false when the budget does not allow it now.</summary>
    public bool TryReserve(int pages)
    {
        lock (_lock)
        {
            if (_disposed || AvailableUnderLock() < (long)pages * PageBytes)
            {
                return false;
            }

            _pagesReserved += pages;
            return true;
        }
    }

    /// <summary>Takes a promise back.</summary>
    public void CancelReservation(int pages)
    {
        TaskCompletionSource? released = null;
        lock (_lock)
        {
            _pagesReserved -= pages;
            if (pages > 0)
            {
                released = TakeReleasedUnderLock();
                FreeSlabsIfOverUnderLock();
            }
        }

        released?.SetResult();
    }

    /// <summary>Counts <paramref name="bytes"/> that live elsewhere; false when the budget does not allow it now.</summary>
    public bool TryAddOther(int bytes)
    {
        lock (_lock)
        {
            if (AvailableUnderLock() < bytes)
            {
                return false;
            }

            _otherBytes += bytes;
            return true;
        }
    }

    /// <summary>Uncounts bytes of <see cref="TryAddOther"/>.</summary>
    public void RemoveOther(int bytes)
    {
        TaskCompletionSource? released;
        lock (_lock)
        {
            _otherBytes -= bytes;
            released = TakeReleasedUnderLock();
        }

        released?.SetResult();
    }

    /// <summary>
    /// Lends memory for <paramref name="bytes"/> against a promise of one page.
    /// </summary>
    /// <param name="bytes">1 to <see cref="PageBytes"/>.</param>
    /// <param name="tookPage">True when the promise of a page was used up; false when a page already lent had room.</param>
    public BodySegment RentReserved(int bytes, out bool tookPage)
    {
        lock (_lock)
        {
            if (bytes > MaxBlockBytes)
            {
                tookPage = true;
                Page page = TakeReservedPageUnderLock();
                return new BodySegment(page.Memory, this, page);
            }

            return RentBlockUnderLock(bytes, out tookPage);
        }
    }

    /// <summary>Not for direct use: memory is lent against a <see cref="MemoryReservation"/>.</summary>
    BodySegment ISegmentPool.Rent(int bytes) => throw new NotSupportedException("Reserve memory first.");

    /// <inheritdoc/>
    public void TakeBack(in BodySegment segment)
    {
        TaskCompletionSource? released;
        lock (_lock)
        {
            Page page = (Page)segment.Token!;
            if (page.Blocks is { } blocks)
            {
                MemoryMarshal.TryGetMemoryManager<byte, Page>(segment.Memory, out _, out int start, out _);
                GiveBackBlockUnderLock(blocks, start);
            }
            else
            {
                _pagesInUse--;
                _free.Push(page);
            }

            FreeSlabsIfOverUnderLock();
            released = TakeReleasedUnderLock();
        }

        released?.SetResult();
    }

    /// <summary>Wakes everyone who waits for memory: it has not come back yet, but there is something to evict now.</summary>
    public void SignalReclaimable()
    {
        TaskCompletionSource? released;
        lock (_lock)
        {
            released = TakeReleasedUnderLock();
        }

        released?.SetResult();
    }

    /// <summary>Completes when memory has come back, or could be made to, since the call. Wakes everyone who waits; each then tries again.</summary>
    public Task WhenReleasedAsync()
    {
        lock (_lock)
        {
            return (_released ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>
    /// Frees the slabs, at once or with the last loan and promise: a run that outlives its host may still be reading from its origin into a page.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            FreeSlabsIfOverUnderLock();
        }
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

    private long AvailableUnderLock() => _budgetBytes - ((_pagesInUse + _pagesReserved) * PageBytes) - _otherBytes;

    private BodySegment RentBlockUnderLock(int bytes, out bool tookPage)
    {
        int sizeClass = ClassOf(bytes);
        List<BlockPage> partial = _partial[sizeClass];
        tookPage = partial.Count == 0;
        if (tookPage)
        {
            Page page = TakeReservedPageUnderLock();
            page.Blocks = new BlockPage(page, sizeClass, BlockClasses[sizeClass], PageBytes);
            partial.Add(page.Blocks);
        }

        BlockPage blocks = partial[^1];
        Memory<byte> memory = blocks.Take();
        if (blocks.IsFull)
        {
            partial.RemoveAt(partial.Count - 1);
        }

        return new BodySegment(memory, this, blocks.Page);
    }

    private void GiveBackBlockUnderLock(BlockPage blocks, int start)
    {
        bool wasFull = blocks.IsFull;
        blocks.GiveBack(start);
        if (blocks.IsEmpty)
        {
            if (!wasFull)
            {
                _partial[blocks.SizeClass].Remove(blocks);
            }

            blocks.Page.Blocks = null;
            _pagesInUse--;
            _free.Push(blocks.Page);
        }
        else if (wasFull)
        {
            _partial[blocks.SizeClass].Add(blocks);
        }
    }

    private Page TakeReservedPageUnderLock()
    {
        if (_pagesReserved <= 0)
        {
            throw new InvalidOperationException("A page was taken that had not been reserved.");
        }

        _pagesReserved--;
        _pagesInUse++;
        if (_free.Count == 0)
        {
            AddSlabUnderLock();
        }

        return _free.Pop();
    }

    private void FreeSlabsIfOverUnderLock()
    {
        if (!_disposed || _pagesInUse + _pagesReserved > 0)
        {
            return;
        }

        foreach (nint slab in _slabs)
        {
            NativeMemory.AlignedFree((void*)slab);
        }

        _slabs.Clear();
        _free.Clear();
    }

    private void AddSlabUnderLock()
    {
        byte* slab = (byte*)NativeMemory.AlignedAlloc((nuint)PagesPerSlab * PageBytes, 4096);
        _slabs.Add((nint)slab);
        for (int i = PagesPerSlab - 1; i >= 0; i--)
        {
            _free.Push(new Page(slab + ((long)i * PageBytes), PageBytes));
        }
    }

    private TaskCompletionSource? TakeReleasedUnderLock()
    {
        TaskCompletionSource? released = _released;
        _released = null;
        return released;
    }
}
