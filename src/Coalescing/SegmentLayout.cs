namespace S3Proxy.Coalescing;

/// <summary>
/// Where the segments of a body lie: whole ones of <see cref="SharedBody.SegmentBytes"/>, and the rest in one that is as long as it, or in two where pools that have pieces of a half and of a third of a segment
/// save by that. Immutable.
/// </summary>
/// <param name="Length">Bytes of the body.</param>
public readonly record struct SegmentLayout(int Length)
{
    /// <summary>Bytes of the first segment of a rest that lies in two.</summary>
    public const int HalfBytes = SharedBody.SegmentBytes / 2;

    /// <summary>Longest rest that lies in two segments: half of one and a third, which is rounded down to a multiple of 64, as pieces of memory are. What is longer leaves less unused in a whole segment.</summary>
    public const int MaxSplitBytes = HalfBytes + (SharedBody.SegmentBytes / 3 / 64 * 64);

    /// <summary>How many segments there are.</summary>
    public int Count => Length == 0 ? 0 : Find(Length - 1, out _, out _) + 1;

    /// <summary>The segment of a byte.</summary>
    /// <param name="offset">0 to <see cref="Length"/> - 1.</param>
    /// <param name="start">Offset of the segment's first byte.</param>
    /// <param name="bytes">Bytes of the body in the segment.</param>
    /// <returns>Number of the segment, from 0.</returns>
    public int Find(int offset, out int start, out int bytes)
    {
        int index = offset / SharedBody.SegmentBytes;
        start = index * SharedBody.SegmentBytes;
        bytes = Math.Min(SharedBody.SegmentBytes, Length - start);
        if (bytes is > HalfBytes and <= MaxSplitBytes)
        {
            bool isSecond = offset - start >= HalfBytes;
            start += isSecond ? HalfBytes : 0;
            bytes = isSecond ? bytes - HalfBytes : HalfBytes;
            index += isSecond ? 1 : 0;
        }

        return index;
    }
}
