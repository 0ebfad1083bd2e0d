using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration.Reading;

public sealed class LimitsSectionTests
{
    [Fact]
    public void Nothing_is_limited_by_default()
    {
        LimitsConfiguration limits = Configurations.Valid(Configurations.Least).Limits;
        Assert.Null(limits.PerKey);
        Assert.Null(limits.PerAddress);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        LimitsConfiguration limits = Configurations.Valid(With("perAddress: { requestsPerSecond: 0.5, concurrent: 7 }")).Limits;
        Assert.Equal(new LimitConfiguration { RequestsPerSecond = 0.5, Burst = 1, Concurrent = 7 }, limits.PerAddress);
        Assert.Equal(3, Configurations.Valid(With("perAddress: { requestsPerSecond: 2.5 }")).Limits.PerAddress!.Burst);
        Assert.Equal(9, Configurations.Valid(With("perAddress: { requestsPerSecond: 2.5, burst: 9 }")).Limits.PerAddress!.Burst);
    }

    [Theory]
    [InlineData("perKey: { concurrent: 1 }", "limits.perKey", "has a meaning only with mode sigv4")]
    [InlineData("perAddress: { burst: 3 }", "limits.perAddress.burst", "has a meaning only beside requestsPerSecond")]
    public void What_makes_no_sense_is_refused(string limits, string path, string message)
    {
        ConfigurationError error = Assert.Single(Configurations.Load(With(limits)).Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string With(string limits) => Configurations.Least + $"\nlimits: {{ {limits} }}\n";
}
