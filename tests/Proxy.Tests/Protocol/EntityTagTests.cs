using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class EntityTagTests
{
    [Theory]
    [InlineData("\"abc\"", "abc", false, "\"abc\"")]
    [InlineData("W/\"abc\"", "abc", true, "W/\"abc\"")]
    [InlineData("abc", "abc", false, "\"abc\"")]
    [InlineData("\"\"", "", false, "\"\"")]
    [InlineData(" \"a,b\" ", "a,b", false, "\"a,b\"")]
    [InlineData("\"*\"", "*", false, "\"*\"")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e-2", "d41d8cd98f00b204e9800998ecf8427e-2", false, "\"d41d8cd98f00b204e9800998ecf8427e-2\"")]
    public void Parses_and_keeps_quotes(string text, string opaque, bool isWeak, string form)
    {
        Assert.True(EntityTag.TryParse(text, out EntityTag tag));
        Assert.Equal((opaque, isWeak, form), (tag.Opaque, tag.IsWeak, tag.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("\"abc")]
    [InlineData("\"a\" \"b\"")]
    [InlineData("\"a\",\"b\"")]
    [InlineData("a\"b")]
    [InlineData("W/\"")]
    [InlineData("\"a\"x")]
    public void Refuses(string text) => Assert.False(EntityTag.TryParse(text, out _));

    [Fact]
    public void Strong_comparison_refuses_weak_tags()
    {
        EntityTag strong = Tag("\"a\"");
        EntityTag weak = Tag("W/\"a\"");

        Assert.True(strong.StrongEquals(Tag("a")));
        Assert.False(strong.StrongEquals(weak));
        Assert.False(weak.StrongEquals(weak));
        Assert.True(strong.WeakEquals(weak));
        Assert.False(strong.WeakEquals(Tag("\"A\"")));
    }

    private static EntityTag Tag(string text) => EntityTag.TryParse(text, out EntityTag tag) ? tag : throw new ArgumentException(text);
}
