using System.Text;
using S3Proxy.Admin;
using S3Proxy.Warming;

namespace S3Proxy.Tests.Admin;

public sealed class WarmRequestParserTests
{
    [Fact]
    public void A_prefix_is_read()
    {
        Assert.True(WarmRequestParser.TryParseJson("""{"bucket":"models","prefix":"a/","concurrency":7,"maxBytes":99}"""u8.ToArray(), out WarmRequest? request, out _));

        Assert.Equal("models", request.Bucket.Value);
        Assert.Equal("a/", request.Prefix);
        Assert.Null(request.Keys);
        Assert.Equal(7, request.Concurrency);
        Assert.Equal(99, request.MaxBytes);
    }

    [Fact]
    public void Lines_are_read_whatever_ends_them()
    {
        Assert.True(WarmRequestParser.TryParseLines("models", null, null, "a b\r\n\nü\n"u8, out WarmRequest? request, out _));

        Assert.Equal(["a b", "ü"], request.Keys!.Select(key => key.Value));
        Assert.Equal(4, request.Concurrency);
        Assert.Null(request.MaxBytes);
    }

    [Theory]
    [InlineData("many", null)]
    [InlineData("99", null)]
    [InlineData(null, "-1")]
    [InlineData(null, "1GiB")]
    public void Numbers_of_the_query_are_checked(string? concurrency, string? maxBytes)
    {
        Assert.False(WarmRequestParser.TryParseLines("models", concurrency, maxBytes, "a"u8, out _, out string problem));
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void What_is_not_text_is_refused()
    {
        Assert.False(WarmRequestParser.TryParseLines("models", null, null, [0xff, 0xfe], out _, out string lines));
        Assert.Contains("UTF-8", lines, StringComparison.Ordinal);
        Assert.False(WarmRequestParser.TryParseJson("""{"bucket":"models","keys":["\ud800"]}"""u8.ToArray(), out _, out _));
        Assert.False(WarmRequestParser.TryParseLines("models", null, null, Encoding.UTF8.GetBytes(new string('k', 1025)), out _, out string tooLong));
        Assert.Contains("Key 1", tooLong, StringComparison.Ordinal);
    }
}
