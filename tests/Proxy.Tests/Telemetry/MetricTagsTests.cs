using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

public sealed class MetricTagsTests
{
    [Fact]
    public void Every_failure_has_a_label_of_its_own()
    {
        FetchFailure[] failures = Enum.GetValues<FetchFailure>();

        Assert.Equal(failures.Length, failures.Select(failure => MetricTags.Reason(failure).Value).Distinct().Count());
        Assert.All(failures, failure => Assert.Equal(MetricTags.NameOf(failure), MetricTags.Reason(failure).Value));
        Assert.All(failures, failure => Assert.Matches("^[a-z_]+$", MetricTags.NameOf(failure)));
    }

    [Fact]
    public void Every_outcome_and_every_error_code_finds_its_own_label()
    {
        Assert.All(Enum.GetValues<CacheOutcome>(), outcome => Assert.Equal(outcome.ToWire(), MetricTags.Outcome(outcome).Value));
        Assert.All(Enum.GetValues<S3ErrorCode>(), code => Assert.Equal(code.ToString(), MetricTags.Code(code).Value));
    }

    [Theory]
    [InlineData(99, "other")]
    [InlineData(100, "100")]
    [InlineData(206, "206")]
    [InlineData(599, "599")]
    [InlineData(600, "other")]
    [InlineData(-1, "other")]
    public void Statuses_are_a_closed_set(int status, string expected) => Assert.Equal(expected, MetricTags.Status(status).Value);

    [Theory]
    [InlineData("GET", "GET")]
    [InlineData("DELETE", "DELETE")]
    [InlineData("BREW", "other")]
    public void Methods_are_a_closed_set(string method, string expected) =>
        Assert.Equal(expected, MetricTags.Method(new HttpMethod(method)).Value);

    [Fact]
    public void Only_reads_are_counted_by_outcome()
    {
        Assert.Equal("get", MetricTags.Operation(S3Operation.GetObject).Value);
        Assert.Equal("head", MetricTags.Operation(S3Operation.HeadObject).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => MetricTags.Operation(S3Operation.PutObject));
    }
}
