using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

public sealed class CacheOutcomesTests
{
    [Fact]
    public void Outcomes_are_spelt_as_the_contract_of_x_cache_says() => Assert.Equal(
        ["HIT", "MISS", "COALESCED", "REVALIDATED", "STALE", "BYPASS", "ERROR", "REFUSED"],
        Enum.GetValues<CacheOutcome>().Select(outcome => outcome.ToWire()));

    [Fact]
    public void A_value_that_is_no_outcome_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ((CacheOutcome)99).ToWire());
}
