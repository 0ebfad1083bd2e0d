namespace S3Proxy.Coalescing.Tests;

/// <summary>Every byte of a body lies in one segment, and segments lie side by side (requirement C1).</summary>
public sealed class SegmentLayoutTests
{
    private const int Whole = SharedBody.SegmentBytes;

    [Theory]
    [InlineData(0)]
    [InlineData(1, 1)]
    [InlineData(SegmentLayout.HalfBytes, SegmentLayout.HalfBytes)]
    [InlineData(SegmentLayout.HalfBytes + 1, SegmentLayout.HalfBytes, 1)]
    [InlineData(SegmentLayout.MaxSplitBytes, SegmentLayout.HalfBytes, SegmentLayout.MaxSplitBytes - SegmentLayout.HalfBytes)]
    [InlineData(SegmentLayout.MaxSplitBytes + 1, SegmentLayout.MaxSplitBytes + 1)]
    [InlineData(Whole - 1, Whole - 1)]
    [InlineData(Whole, Whole)]
    [InlineData(Whole + 1, Whole, 1)]
    [InlineData(Whole + SegmentLayout.HalfBytes + 5, Whole, SegmentLayout.HalfBytes, 5)]
    [InlineData((2 * Whole) + SegmentLayout.MaxSplitBytes + 1, Whole, Whole, SegmentLayout.MaxSplitBytes + 1)]
    public void Segments_lie_side_by_side(int length, params int[] expected)
    {
        SegmentLayout layout = new(length);
        Assert.Equal(expected.Length, layout.Count);
        int start = 0;
        for (int index = 0; index < expected.Length; start += expected[index++])
        {
            foreach (int offset in (int[])[start, start + (expected[index] / 2), start + expected[index] - 1])
            {
                Assert.Equal((index, start, expected[index]), (layout.Find(offset, out int found, out int bytes), found, bytes));
            }
        }

        Assert.Equal(length, start);
    }
}
