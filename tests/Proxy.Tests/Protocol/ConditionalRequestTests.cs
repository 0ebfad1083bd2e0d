using Microsoft.AspNetCore.Http;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class ConditionalRequestTests
{
    private const string Before = "Sun, 06 Nov 1994 08:49:36 GMT";
    private const string Same = "Sun, 06 Nov 1994 08:49:37 GMT";
    private const string After = "Sun, 06 Nov 1994 08:49:38 GMT";

    private static readonly DateTimeOffset LastModified = new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero).AddMilliseconds(750);

    [Theory]
    [InlineData(null, null, null, null, ConditionalOutcome.Proceed)]
    [InlineData("\"a\"", null, null, null, ConditionalOutcome.Proceed)]
    [InlineData("\"b\"", null, null, null, ConditionalOutcome.PreconditionFailed)]
    [InlineData(null, "\"a\"", null, null, ConditionalOutcome.NotModified)]
    [InlineData(null, "\"b\"", null, null, ConditionalOutcome.Proceed)]
    [InlineData(null, "*", null, null, ConditionalOutcome.NotModified)]
    [InlineData(null, null, Same, null, ConditionalOutcome.NotModified)]
    [InlineData(null, null, Before, null, ConditionalOutcome.Proceed)]
    [InlineData(null, null, null, Same, ConditionalOutcome.Proceed)]
    [InlineData(null, null, null, Before, ConditionalOutcome.PreconditionFailed)]
    [InlineData("\"a\"", null, null, Before, ConditionalOutcome.Proceed)]
    [InlineData("\"b\"", null, null, After, ConditionalOutcome.PreconditionFailed)]
    [InlineData(null, "\"a\"", Before, null, ConditionalOutcome.NotModified)]
    [InlineData(null, "\"b\"", After, null, ConditionalOutcome.Proceed)]
    [InlineData("\"b\"", "\"a\"", null, null, ConditionalOutcome.PreconditionFailed)]
    [InlineData("\"a\"", "\"a\"", null, null, ConditionalOutcome.NotModified)]
    [InlineData(null, null, "not a date", "nor this", ConditionalOutcome.Proceed)]
    public void Precedence(string? ifMatch, string? ifNoneMatch, string? ifModifiedSince, string? ifUnmodifiedSince, object expected)
    {
        var headers = new HeaderDictionary();
        Set(headers, "If-Match", ifMatch);
        Set(headers, "If-None-Match", ifNoneMatch);
        Set(headers, "If-Modified-Since", ifModifiedSince);
        Set(headers, "If-Unmodified-Since", ifUnmodifiedSince);

        ConditionalRequest conditions = ConditionalRequest.Parse(headers);

        Assert.Equal(expected, conditions.Evaluate(Tag("\"a\""), LastModified));
    }

    [Fact]
    public void Several_lines_of_a_tag_header_are_one_list()
    {
        var headers = new HeaderDictionary { ["If-None-Match"] = new(["\"x\"", "\"a\""]) };

        Assert.Equal(ConditionalOutcome.NotModified, ConditionalRequest.Parse(headers).Evaluate(Tag("\"a\""), LastModified));
    }

    [Fact]
    public void Dates_do_not_hold_for_an_object_without_one()
    {
        var conditions = new ConditionalRequest { IfModifiedSince = LastModified, IfUnmodifiedSince = DateTimeOffset.UnixEpoch };

        Assert.Equal(ConditionalOutcome.Proceed, conditions.Evaluate(Tag("\"a\""), null));
    }

    [Fact]
    public void Unconditional_is_told()
    {
        Assert.True(ConditionalRequest.Parse(new HeaderDictionary { ["If-Range"] = "\"a\"" }).IsUnconditional);
        Assert.False(ConditionalRequest.Parse(new HeaderDictionary { ["If-Match"] = "\"a\"" }).IsUnconditional);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("\"a\"", true)]
    [InlineData("a", true)]
    [InlineData("\"b\"", false)]
    [InlineData("W/\"a\"", false)]
    [InlineData(Same, true)]
    [InlineData(Before, false)]
    [InlineData(After, false)]
    [InlineData("*", false)]
    [InlineData("\"a\", \"b\"", false)]
    public void If_range(string? value, bool expected)
    {
        var headers = new HeaderDictionary();
        Set(headers, "If-Range", value);

        Assert.Equal(expected, ConditionalRequest.Parse(headers).AllowsRange(Tag("\"a\""), LastModified));
    }

    [Fact]
    public void If_range_with_a_weak_tag_of_the_object_means_the_whole() =>
        Assert.False(new ConditionalRequest { IfRange = "\"a\"" }.AllowsRange(Tag("W/\"a\""), LastModified));

    private static void Set(HeaderDictionary headers, string name, string? value)
    {
        if (value is not null)
        {
            headers[name] = value;
        }
    }

    private static EntityTag Tag(string text) => EntityTag.TryParse(text, out EntityTag tag) ? tag : throw new ArgumentException(text);
}
