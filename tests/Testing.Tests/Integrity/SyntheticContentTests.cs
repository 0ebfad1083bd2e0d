using S3Proxy.Testing.Integrity;

namespace S3Proxy.Testing.Tests.Integrity;

public sealed class SyntheticContentTests
{
    private const int TwoBlocksAndMore = 70_001;

    [Fact]
    public void Every_window_equals_the_same_window_of_the_whole()
    {
        SyntheticContent content = new(TwoBlocksAndMore, 7);
        byte[] whole = Bytes(content, 0, TwoBlocksAndMore);
        foreach (int offset in (int[])[0, 1, 7, 8, 9, 4095, 32_767, 32_768, 32_771, 65_535, 70_000])
        {
            foreach (int count in (int[])[0, 1, 2, 7, 8, 9, 31, 64, 65, 33_000])
            {
                int within = Math.Min(count, TwoBlocksAndMore - offset);
                Assert.Equal(whole.AsSpan(offset, within).ToArray(), Bytes(content, offset, within));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(63)]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(69_997)]
    public void A_single_wrong_byte_is_found_where_it_is(int wrong)
    {
        SyntheticContent content = new(TwoBlocksAndMore, 7);
        foreach (int offset in (int[])[0, 3])
        {
            byte[] bytes = Bytes(content, offset, TwoBlocksAndMore - offset);
            Assert.Equal(-1, content.FirstMismatch(offset, bytes));

            bytes[wrong] ^= 1;
            Assert.Equal(offset + wrong, content.FirstMismatch(offset, bytes));
        }
    }

    [Fact]
    public void Bytes_beyond_the_end_are_wrong()
    {
        SyntheticContent content = new(10, 7);
        byte[] overlong = new byte[12];
        content.Fill(0, overlong.AsSpan(0, 10));

        Assert.Equal(10, content.FirstMismatch(0, overlong));
        Assert.Equal(15, content.FirstMismatch(15, overlong));
        Assert.Throws<ArgumentOutOfRangeException>(() => content.Fill(1, new byte[10]));
    }

    [Fact]
    public void Bytes_of_another_place_or_seed_are_wrong()
    {
        SyntheticContent content = new(1L << 40, 7);
        SyntheticContent other = new(1L << 40, 8);
        byte[] bytes = Bytes(content, 1L << 39, 64);

        Assert.Equal(-1, content.FirstMismatch(1L << 39, bytes));
        Assert.NotEqual(-1, content.FirstMismatch((1L << 39) + (1L << 20), bytes));
        Assert.NotEqual(-1, content.FirstMismatch((1L << 39) + (32 << 10), bytes));
        Assert.NotEqual(-1, other.FirstMismatch(1L << 39, bytes));
    }

    [Fact]
    public void The_tag_tells_seed_and_length()
    {
        string tag = new SyntheticContent(10, 1).ETag;
        Assert.Matches("^\"[0-9a-f]{32}-1\"$", tag);
        Assert.Equal(tag, new SyntheticContent(10, 1).ETag);
        Assert.NotEqual(tag, new SyntheticContent(11, 1).ETag);
        Assert.NotEqual(tag, new SyntheticContent(10, 2).ETag);
    }

    [Fact]
    public void The_bytes_stay_the_same_over_builds() =>
        Assert.Equal("7CD3252F6431B987", Convert.ToHexString(Bytes(new SyntheticContent(100_000, 42), 40_003, 8)));

    private static byte[] Bytes(SyntheticContent content, long offset, int count)
    {
        byte[] bytes = new byte[count];
        content.Fill(offset, bytes);
        return bytes;
    }
}
