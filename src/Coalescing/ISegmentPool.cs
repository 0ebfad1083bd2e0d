namespace S3Proxy.Coalescing;

/// <summary>Lends the memory of bodies. Implementations are thread-safe.</summary>
public interface ISegmentPool
{
    /// <summary>
    /// Lends a segment of at least <paramref name="bytes"/>, which never exceeds <see cref="SharedBody.SegmentBytes"/>.
    /// Whoever calls has reserved the memory before, so this neither waits nor fails for want of it.
    /// </summary>
    BodySegment Rent(int bytes);

    /// <summary>Takes a segment back. Called once for each lent segment, when no reader can reach it any more.</summary>
    void TakeBack(in BodySegment segment);
}
