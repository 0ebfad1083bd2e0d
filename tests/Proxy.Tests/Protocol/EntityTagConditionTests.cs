using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class EntityTagConditionTests
{
    [Theory]
    [InlineData("\"a\"", true)]
    [InlineData("a", true)]
    [InlineData("*", true)]
    [InlineData(" * ", true)]
    [InlineData("\"x\", \"a\"", true)]
    [InlineData("x,a", true)]
    [InlineData(",, \"x\" ,, \"a\"", true)]
    [InlineData("\"x,a\"", false)]
    [InlineData("\"b\"", false)]
    [InlineData("\"A\"", false)]
    [InlineData("W/\"a\"", false)]
    [InlineData("", false)]
    [InlineData("\"x\", \"a", false)]
    public void Strong_match(string header, bool expected) => Assert.Equal(expected, Matches(header, "\"a\"", strong: true));

    [Theory]
    [InlineData("W/\"a\"", "\"a\"", true)]
    [InlineData("\"a\"", "W/\"a\"", true)]
    [InlineData("\"b\", W/\"a\"", "W/\"a\"", true)]
    [InlineData("W/\"b\"", "\"a\"", false)]
    public void Weak_match(string header, string tag, bool expected) => Assert.Equal(expected, Matches(header, tag, strong: false));

    [Fact]
    public void A_weak_tag_never_matches_strongly() => Assert.False(Matches("W/\"a\", \"a\"", "W/\"a\"", strong: true));

    [Fact]
    public void An_object_without_a_tag_matches_only_the_star()
    {
        Assert.True(new EntityTagCondition("*").Matches(null, strong: true));
        Assert.False(new EntityTagCondition("\"a\"").Matches(null, strong: false));
    }

    private static bool Matches(string header, string tag, bool strong)
    {
        Assert.True(EntityTag.TryParse(tag, out EntityTag parsed));
        return new EntityTagCondition(header).Matches(parsed, strong);
    }
}
