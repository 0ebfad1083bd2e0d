namespace S3Proxy.Coalescing.Tests;

/// <summary>Plain arrays that count what is out, and that are overwritten when they come back, so that a late read shows.</summary>
internal sealed class ArraySegmentPool : ISegmentPool
{
    private int _out;

    public int Out => Volatile.Read(ref _out);

    public BodySegment Rent(int bytes)
    {
        Interlocked.Increment(ref _out);
        byte[] array = new byte[bytes];
        return new BodySegment(array, this, array);
    }

    public void TakeBack(in BodySegment segment)
    {
        ((byte[])segment.Token!).AsSpan().Fill(0xEE);
        Interlocked.Decrement(ref _out);
    }
}
