using S3Proxy.Coalescing;

namespace S3Proxy.Micro;

/// <summary>Lends segments again that came back, so that what is measured is not the making of arrays. For one thread.</summary>
internal sealed class ReusedSegmentPool : ISegmentPool
{
    private readonly Stack<byte[]> _free = new();

    public BodySegment Rent(int bytes)
    {
        byte[] array = _free.TryPop(out byte[]? free) ? free : new byte[SharedBody.SegmentBytes];
        return new BodySegment(array, this, array);
    }

    public void TakeBack(in BodySegment segment) => _free.Push((byte[])segment.Token!);
}
