using System.Text;
using S3Proxy.Events;

namespace S3Proxy.Tests.Events;

/// <summary>Requirement I5: what each sender's notification means.</summary>
public sealed class EventReaderTests
{
    [Fact]
    public void Aws()
    {
        EventDocument document = Read("aws");
        Assert.Null(document.TopicArn);
        Assert.Equal(2, document.Events.Count);
        AssertEvent(document.Events[0], EventSender.Aws, "red flower/ä+1.jpg", "red+flower/%C3%A4%2B1.jpg");
        AssertEvent(document.Events[1], EventSender.Aws, "old");
    }

    [Fact]
    public void Aws_by_sns()
    {
        EventDocument document = Read("sns");
        Assert.Equal("arn:aws:sns:eu-central-1:123456789012:objects", document.TopicArn);
        AssertEvent(Assert.Single(document.Events), EventSender.Aws, "a b", "a%20b");
    }

    [Fact]
    public void Aws_by_eventbridge() => AssertEvent(Assert.Single(Read("eventbridge").Events), EventSender.EventBridge, "a b c d", "a b+c%20d");

    [Fact]
    public void Minio() => AssertEvent(Assert.Single(Read("minio").Events), EventSender.Minio, "dir/a b+c", "dir%2Fa+b%2Bc");

    [Fact]
    public void Ceph() => AssertEvent(Assert.Single(Read("ceph").Events), EventSender.Ceph, "dir/a b", "dir/a+b");

    [Fact]
    public void A_request_for_a_confirmation_has_no_events()
    {
        EventDocument document = Read("sns-confirmation");
        Assert.Empty(document.Events);
        Assert.False(document.IsNotification);
        Assert.StartsWith("https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription", document.SubscribeUrl, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"Records":7}""")]
    [InlineData("""{"source":"aws.ec2","detail-type":"Object Created"}""")]
    public void What_is_unknown_has_no_events(string json)
    {
        Assert.True(EventReader.TryRead(Encoding.UTF8.GetBytes(json), out EventDocument? document));
        Assert.Empty(document.Events);
    }

    [Fact]
    public void A_test_event_has_no_events() => Assert.Empty(Read("aws-test").Events);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("Records")]
    [InlineData("""{"Type":"Notification","TopicArn":"arn","Message":"hello"}""")]
    [InlineData("""{"Type":"Notification","TopicArn":"arn"}""")]
    [InlineData("""{"Records":[{"eventName":"\ud800"}]}""")]
    public void What_is_not_json_is_refused(string text) => Assert.False(EventReader.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void What_nests_without_end_is_refused() => Assert.False(EventReader.TryRead(Encoding.UTF8.GetBytes(new string('[', 100_000)), out _));

    [Theory]
    [InlineData("{}", EventKind.Other)]
    [InlineData("7", EventKind.Other)]
    [InlineData("""{"eventName":"ObjectCreated:Put"}""", EventKind.Invalid)]
    [InlineData("""{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":7}}}""", EventKind.Invalid)]
    [InlineData("""{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":""}}}""", EventKind.Invalid)]
    [InlineData("""{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}""", EventKind.ObjectChanged)]
    [InlineData("""{"eventName":"s3:ObjectAccessed:Get","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}""", EventKind.Other)]
    [InlineData("""{"eventName":"s3:BucketRemoved:*","s3":{"bucket":{"name":"b"},"object":{"key":""}}}""", EventKind.BucketRemoved)]
    internal void A_record_that_lacks_something_is_told_from_one_that_does_not_matter(string record, EventKind kind)
    {
        Assert.True(EventReader.TryRead(Encoding.UTF8.GetBytes($$"""{"Records":[{{record}}]}"""), out EventDocument? document));
        Assert.Equal(kind, Assert.Single(document.Events).Kind);
    }

    [Fact]
    public void The_same_event_has_the_same_mark_and_another_has_another()
    {
        string first = Read("aws").Events[0].Mark!;
        Assert.Equal(first, Read("aws").Events[0].Mark);
        string later = Encoding.UTF8.GetString(EventDocuments.Read("aws")).Replace("0055AED6DCD90281E5", "0055AED6DCD90281E9", StringComparison.Ordinal);
        Assert.True(EventReader.TryRead(Encoding.UTF8.GetBytes(later), out EventDocument? document));
        Assert.NotEqual(first, document.Events[0].Mark);
    }

    private static void AssertEvent(OriginEvent told, EventSender sender, params string[] keys)
    {
        Assert.Equal((sender, EventKind.ObjectChanged, "objects"), (told.Sender, told.Kind, told.Bucket));
        Assert.Equal(keys, told.Keys);
        Assert.NotNull(told.Mark);
    }

    private static EventDocument Read(string name)
    {
        Assert.True(EventReader.TryRead(EventDocuments.Read(name), out EventDocument? document));
        return document;
    }
}
