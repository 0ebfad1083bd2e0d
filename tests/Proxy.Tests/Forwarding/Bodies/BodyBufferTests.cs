using System.Text;
using S3Proxy.Forwarding.Bodies;

namespace S3Proxy.Tests.Forwarding.Bodies;

public class BodyBufferTests
{
    [Fact]
    public void Text_of_any_length_and_kind_is_written_as_utf8()
    {
        string text = string.Concat(Enumerable.Repeat("a日😀", 5000));
        using var buffer = new BodyBuffer(1 << 20);
        buffer.AppendUtf8(text);
        buffer.AppendUtf8("x" + text); // shifts where surrogate pairs fall
        Assert.Equal(text + "x" + text, Encoding.UTF8.GetString(buffer.Span));
        Assert.True(buffer.IsIntact);
    }

    [Fact]
    public void Lone_surrogates_are_flagged()
    {
        foreach (string text in new[] { "\ud800", "a\udc00b", new string('x', 511) + "\ud800y", new string('\ud800', 2000) })
        {
            using var buffer = new BodyBuffer(10_000);
            buffer.AppendUtf8(text);
            Assert.True(buffer.HasInvalidText);
            Assert.False(buffer.IsIntact);
        }
    }

    [Fact]
    public void The_limit_is_exact_and_nothing_is_appended_past_it()
    {
        using var buffer = new BodyBuffer(4);
        buffer.Append("abcd"u8);
        Assert.True(buffer.IsIntact);
        buffer.Append("e"u8);
        Assert.True(buffer.Overflowed);
        buffer.Truncate(0);
        buffer.Append("x"u8);
        Assert.Equal(0, buffer.Length);
    }

    [Theory]
    [InlineData(40_000, false)]
    [InlineData(40_001, true)]
    [InlineData(90_000, true)]
    public async Task Reading_tells_a_body_at_the_limit_from_one_beyond(int bodyBytes, bool overflows)
    {
        byte[] body = new byte[bodyBytes];
        Array.Fill(body, (byte)7);
        body[^1] = 9;
        using var source = new MemoryStream(body);
        using var buffer = new BodyBuffer(40_000);
        while (await buffer.ReadOnceAsync(source, CancellationToken.None))
        {
        }

        Assert.Equal(overflows, buffer.Overflowed);
        if (!overflows)
        {
            Assert.Equal(body, buffer.Span.ToArray());
        }
    }

    [Fact]
    public void Replace_closes_the_gap()
    {
        using var buffer = new BodyBuffer(100);
        buffer.Append("<n>1000</n>"u8);
        buffer.Replace(3, 4, "99"u8);
        Assert.Equal("<n>99</n>", Encoding.UTF8.GetString(buffer.Span));
    }
}
