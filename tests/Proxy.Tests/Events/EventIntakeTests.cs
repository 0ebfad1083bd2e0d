using System.Text;
using S3Proxy.Events;
using S3Proxy.Reloading;
using S3Proxy.Tests.Configuration;
using S3Proxy.Tests.Telemetry;

namespace S3Proxy.Tests.Events;

/// <summary>Requirement I5: what becomes of events.</summary>
public sealed class EventIntakeTests : IDisposable
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:objects";

    private readonly MetricsBench _metrics = new();
    private readonly EventBench _bench;

    public EventIntakeTests() => _bench = new EventBench(_metrics.Memory, _metrics.Flights, _metrics.MeterFactory);

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [InlineData("aws", 2)]
    [InlineData("sns", 1)]
    [InlineData("eventbridge", 1)]
    [InlineData("minio", 1)]
    [InlineData("ceph", 1)]
    public async Task Each_senders_events_are_carried_out_once_and_known_again(string name, int count)
    {
        Assert.Equal(count, (await TakeAsync(EventDocuments.Read(name)))[EventResult.Invalidated]);
        EventReport again = await TakeAsync(EventDocuments.Read(name));
        Assert.Equal((0, count), (again[EventResult.Invalidated], again[EventResult.Duplicate]));
    }

    [Fact]
    public async Task What_no_client_sees_is_unmapped_and_not_known_again()
    {
        ProxySnapshot other = new(Configurations.Valid(Configurations.Least.Replace("\"*\"", "only", StringComparison.Ordinal)));
        Assert.Equal(1, (await TakeAsync(EventDocuments.Read("minio"), other))[EventResult.Unmapped]);
        Assert.Equal(1, (await TakeAsync(EventDocuments.Read("minio")))[EventResult.Invalidated]);
    }

    [Fact]
    public async Task A_bad_record_does_not_keep_the_others_from_being_carried_out()
    {
        string json = Encoding.UTF8.GetString(EventDocuments.Read("aws")).Replace("\"key\":\"old\"", "\"key\":7", StringComparison.Ordinal);
        EventReport report = await TakeAsync(Encoding.UTF8.GetBytes(json));
        Assert.Equal((1, 1), (report[EventResult.Invalidated], report[EventResult.Invalid]));
    }

    [Fact]
    public async Task More_events_than_one_batch_are_all_carried_out()
    {
        string records = string.Join(',', Enumerable.Range(0, 1000).Select(i => $$$"""{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"{{{i}}}"} } }"""));
        Assert.Equal(1000, (await TakeAsync(Encoding.UTF8.GetBytes($$"""{"Records":[{{records}}]}""")))[EventResult.Invalidated]);
    }

    [Fact]
    public async Task Only_a_topic_that_is_named_is_confirmed()
    {
        Assert.Equal(1, (await TakeAsync(EventDocuments.Read("sns-confirmation")))[EventResult.Ignored]);
        Assert.Empty(_bench.Confirmed);
        Assert.Equal(1, (await TakeAsync(EventDocuments.Read("sns-confirmation"), With(Topic + "-other")))[EventResult.Ignored]);
        Assert.Empty(_bench.Confirmed);
        Assert.Equal(1, (await TakeAsync(EventDocuments.Read("sns-confirmation"), With(Topic)))[EventResult.Confirmed]);
        Assert.Equal("sns.eu-central-1.amazonaws.com", Assert.Single(_bench.Confirmed).Host);
    }

    [Fact]
    public async Task Another_topic_says_nothing_here()
    {
        Assert.Equal(1, (await TakeAsync(EventDocuments.Read("sns"), With(Topic + "-other")))[EventResult.Ignored]);
        Assert.Equal(1, (await TakeAsync(EventDocuments.Read("sns"), With(Topic)))[EventResult.Invalidated]);
    }

    private static ProxySnapshot With(string topic) => new(Configurations.Valid(Configurations.Least + $"\nevents: {{ snsTopics: [\"{topic}\"] }}\n"));

    private Task<EventReport> TakeAsync(byte[] body, ProxySnapshot? snapshot = null)
    {
        Assert.True(EventReader.TryRead(body, out EventDocument? document));
        return _bench.Intake.TakeAsync(document, snapshot ?? new ProxySnapshot(Configurations.Valid(Configurations.Least)), origin: null, CancellationToken.None);
    }
}
