using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

public sealed class CacheOutcomesTests
{
    [Fact]
    public void Every_outcome_is_spelt_in_upper_case() =>
        Assert.All(Enum.GetValues<CacheOutcome>(), outcome => Assert.Equal(outcome.ToString().ToUpperInvariant(), outcome.ToWire()));
}
