using S3Proxy.Events;

namespace S3Proxy.Tests.Events;

public sealed class TopicConfirmationTests
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:objects";

    [Fact]
    public void The_url_of_sns_in_the_topics_region_is_opened() =>
        Assert.NotNull(TopicConfirmation.Check("https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=1", Topic));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/?Action=ConfirmSubscription")]
    [InlineData("http://sns.eu-central-1.amazonaws.com/")]
    [InlineData("https://sns.us-east-1.amazonaws.com/")]
    [InlineData("https://sns.eu-central-1.amazonaws.com.example.org/")]
    [InlineData("https://example.org/sns.eu-central-1.amazonaws.com")]
    [InlineData("https://sns.eu-central-1.amazonaws.com@example.org/")]
    [InlineData("https://user@sns.eu-central-1.amazonaws.com/")]
    [InlineData("https://sns.eu-central-1.amazonaws.com:8443/")]
    [InlineData("https://bucket.s3.eu-central-1.amazonaws.com/")]
    [InlineData("https://evil.amazonaws.com/")]
    [InlineData("https://169.254.169.254/")]
    [InlineData("file:///etc/passwd")]
    public void No_other_is(string? url) => Assert.Null(TopicConfirmation.Check(url, Topic));
}
