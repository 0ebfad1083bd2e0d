using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

/// <summary>One reason value is shared by log, metric and header (style rule 18).</summary>
public sealed class RequestReasonsTests
{
    [Fact]
    public void Each_reason_has_a_spelling_of_its_own()
    {
        string[] words = [.. Enum.GetValues<RequestReason>().Select(reason => reason.ToWire())];

        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.All(words, word => Assert.Matches("^[a-z]+(_[a-z]+)*$", word));
        Assert.Equal("no_strong_etag", RequestReason.NoStrongETag.ToWire());
    }

    [Fact]
    public void Every_failure_and_every_answer_that_is_not_shared_has_a_reason()
    {
        Assert.All(Enum.GetValues<FetchFailure>(), failure => Assert.NotEqual(RequestReason.None, RequestReasons.Of(failure)));
        Assert.All(Enum.GetValues<NotShareableReason>(), reason => Assert.NotEqual(RequestReason.None, RequestReasons.Of(reason)));
    }

    [Fact]
    public void Tiers_operations_and_roles_are_spelled()
    {
        Assert.All(Enum.GetValues<AnswerTier>(), tier => Assert.NotEmpty(tier.ToWire()));
        Assert.All(Enum.GetValues<FlightRole>(), role => Assert.NotEmpty(role.ToWire()));
        Assert.All(Enum.GetValues<OperationGroup>(), group => Assert.NotEmpty(group.ToWire()));
        Assert.All(Enum.GetValues<S3Proxy.Protocol.S3Operation>(), operation => Assert.NotEmpty(OperationGroups.Of(operation).ToWire()));
    }
}
