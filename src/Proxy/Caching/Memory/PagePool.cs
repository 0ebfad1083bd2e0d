using System.Runtime.InteropServices;
using S3Proxy.Coalescing;
using S3Proxy.Native;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// The memory behind bodies: pages of <see cref="PageBytes"/>, whole for large segments and cut into blocks for small ones, never more than its budget.
/// What does not live in pages (metadata) is counted against the same budget.
/// </summary>
/// <remarks>
/// <para>Thread-safe. <c>_lock</c> protects everything and is held for a few instructions; nothing is called while it is held. Pages are made when first
/// needed and kept: the budget is what the process may hold, not what it holds at the start.</para>
/// <para>A page of which a socket was given bytes is never written again before it was punched. Its body came back with the last reference, so nobody is sending
/// from it by then; what sockets still hold of it is not counted here, and is bounded by their send buffers.</para>
/// </remarks>
internal sealed class PagePool : ISegmentPool, IDisposable
{
    /// <summary>Bytes of a page, the size of a body's largest segments.</summary>
    public const int PageBytes = SharedBody.SegmentBytes;

    /// <summary>A segment of this size or less gets a block, a larger one a page.</summary>
    public const int MaxBlockBytes = CutPages.MaxBlockBytes;

    /// <summary>Pages made beyond the budget at most, while others are punched that count as free.</summary>
    private const int SparePages = 256;

    private readonly Lock _lock = new();
    private readonly Stack<Page> _free = new();
    private readonly PageSource _source;
    private readonly SentPages _sent;
    private readonly CutPages _cut = new();
    private readonly long _budgetBytes;
    private long _pagesInUse;
    private long _pagesReserved;
    private long _otherBytes;
    private TaskCompletionSource? _released;
    private long _punchedPages;
    private bool _disposed;

    /// <param name="budgetBytes">Bound on all that is held, in bytes; at least a page.</param>
    /// <param name="file">Where pages lie, of at least <see cref="FileBytesFor"/>; null for native memory. The pool disposes it.</param>
    /// <param name="copiedFirst">Bytes that are copied from a page of the file to sockets before any go without a copy.</param>
    public PagePool(long budgetBytes, MemoryFile? file = null, long copiedFirst = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budgetBytes, PageBytes);
        _budgetBytes = budgetBytes;
        _source = new PageSource(file, copiedFirst);
        _sent = new SentPages(file);
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

    /// <summary>Bytes of the pages made so far.</summary>
    public long PageMemoryBytes
    {
        get
        {
            lock (_lock)
            {
                return _source.Count * PageBytes;
            }
        }
    }

    /// <summary>Pages that were punched since the start, because a socket had been given bytes of them.</summary>
    public long PunchedPages => Interlocked.Read(ref _punchedPages);

    /// <summary>Length of the file that holds the pages of a pool.</summary>
    public static long FileBytesFor(long budgetBytes) => ((budgetBytes / PageBytes) + SparePages) * PageBytes;

    /// <summary>Pages a body of <paramref name="bytes"/> may need: one for each of its segments, when no page that is cut has room.</summary>
    public static int PagesFor(int bytes) => new SegmentLayout(bytes).Count;

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
                FreePagesIfOverUnderLock();
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
        while (true)
        {
            Page[] sent;
            lock (_lock)
            {
                if (bytes <= MaxBlockBytes && _cut.TryTake(bytes, out Memory<byte> block, out Page? page))
                {
                    tookPage = false;
                    return new BodySegment(block, this, page);
                }

                if (HasCleanPageUnderLock())
                {
                    tookPage = true;
                    return RentPageUnderLock(bytes);
                }

                sent = _sent.Take();
            }

            Punch(sent);
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
            if (page.Blocks is not { } blocks || GiveBackBlockUnderLock(blocks, segment))
            {
                _pagesInUse--;
                if (page.WasSent)
                {
                    _sent.Add(page);
                }
                else
                {
                    _free.Push(page);
                }
            }

            FreePagesIfOverUnderLock();
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
    /// Frees the memory, at once or with the last loan and promise: a run that outlives its host may still be reading from its origin into a page.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            FreePagesIfOverUnderLock();
        }
    }

    private long AvailableUnderLock() => _budgetBytes - ((_pagesInUse + _pagesReserved) * PageBytes) - _otherBytes;

    private BodySegment RentPageUnderLock(int bytes)
    {
        Page page = TakeReservedPageUnderLock();
        return new BodySegment(bytes > MaxBlockBytes ? page.Memory : _cut.Cut(page, bytes), this, page);
    }

    /// <summary>True when its page is whole again.</summary>
    private bool GiveBackBlockUnderLock(BlockPage blocks, in BodySegment segment)
    {
        MemoryMarshal.TryGetMemoryManager<byte, Page>(segment.Memory, out _, out int start, out _);
        return _cut.GiveBack(blocks, start);
    }

    private Page TakeReservedPageUnderLock()
    {
        if (_pagesReserved <= 0)
        {
            throw new InvalidOperationException("A page was taken that had not been reserved.");
        }

        _pagesReserved--;
        _pagesInUse++;
        Page page = _free.Count > 0 ? _free.Pop() : _source.Make();
        page.BeginLoan();
        return page;
    }

    /// <summary>
    /// True when a page can be lent at once: one that is free, or a new one. Beyond the budget new ones are made only while all that are free are being punched.
    /// </summary>
    private bool HasCleanPageUnderLock() => _free.Count > 0 || _sent.Count == 0 || _source.Count < _budgetBytes / PageBytes;

    private void Punch(Page[] pages)
    {
        _sent.Punch(pages);
        lock (_lock)
        {
            // The last first, so that they are lent in the order of the file. One that could not be punched is lost.
            foreach (Page page in pages.Where(static page => !page.WasSent).Reverse())
            {
                _free.Push(page);
            }
        }

        Interlocked.Add(ref _punchedPages, pages.Length);
    }

    private void FreePagesIfOverUnderLock()
    {
        if (!_disposed || _pagesInUse + _pagesReserved > 0)
        {
            return;
        }

        _source.Dispose();
        _sent.Clear();
        _free.Clear();
    }

    private TaskCompletionSource? TakeReleasedUnderLock()
    {
        TaskCompletionSource? released = _released;
        _released = null;
        return released;
    }
}
