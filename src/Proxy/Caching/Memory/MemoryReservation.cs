using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// Memory promised to one slice before its first byte is read, so that every slice that begins can end. Used by one writer; dispose gives back
/// what was not taken.
/// </summary>
internal sealed class MemoryReservation(PagePool pool, int pages) : ISegmentPool, IDisposable
{
    private int _left = pages;

    /// <inheritdoc/>
    public BodySegment Rent(int bytes)
    {
        BodySegment segment = pool.RentReserved(bytes, out bool tookPage);
        if (tookPage)
        {
            _left--;
        }

        return segment;
    }

    /// <summary>Segments name the pool as their source; none comes back here.</summary>
    void ISegmentPool.TakeBack(in BodySegment segment) => pool.TakeBack(segment);

    public void Dispose()
    {
        int left = _left;
        _left = 0;
        if (left > 0)
        {
            pool.CancelReservation(left);
        }
    }
}
