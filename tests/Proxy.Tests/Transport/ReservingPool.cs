using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;

namespace S3Proxy.Tests.Transport;

/// <summary>Lends pages of whole pools without anyone having reserved them before.</summary>
internal sealed class ReservingPool(PagePool pool) : ISegmentPool
{
    public BodySegment Rent(int bytes)
    {
        Assert.True(pool.TryReserve(1));
        return pool.RentReserved(bytes, out _);
    }

    public void TakeBack(in BodySegment segment) => throw new NotSupportedException("Segments go back to their own pool.");
}
