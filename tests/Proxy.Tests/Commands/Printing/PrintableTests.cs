using S3Proxy.Commands.Printing;

namespace S3Proxy.Tests.Commands.Printing;

/// <summary>Keys cannot write on the terminal.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("a/b c.txt", "a/b c.txt")]
    [InlineData("ünïcödé 世界 🎈", "ünïcödé 世界 🎈")]
    [InlineData("\u001b[31mred", "\\u{1b}[31mred")]
    [InlineData("a\nb\r\tc\0", "a\\u{a}b\\u{d}\\u{9}c\\u{0}")]
    [InlineData("abc\u202Egpj.exe", "abc\\u{202e}gpj.exe")]
    [InlineData("a\u2028b\u200bc", "a\\u{2028}b\\u{200b}c")]
    [InlineData("", "")]
    public void What_cannot_be_seen_is_written_out(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() => Assert.Equal("a\ufffdb\\u{1b}", Printable.Of("a\ud800b\u001b"));
}
