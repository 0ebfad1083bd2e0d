using System.Net;
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
        Assert.Empty(limits.TrustedProxies);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        LimitsConfiguration limits = Configurations.Valid(With("perAddress: { requestsPerSecond: 0.5, concurrent: 7 }, trustedProxies: [10.0.0.0/8, \"2001:db8::1\"]")).Limits;
        Assert.Equal(new LimitConfiguration { RequestsPerSecond = 0.5, Burst = 1, Concurrent = 7 }, limits.PerAddress);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::1/128")], limits.TrustedProxies);
        Assert.Equal(3, Configurations.Valid(With("perAddress: { requestsPerSecond: 2.5 }")).Limits.PerAddress!.Burst);
        Assert.Equal(9, Configurations.Valid(With("perAddress: { requestsPerSecond: 2.5, burst: 9 }")).Limits.PerAddress!.Burst);
    }

    [Theory]
    [InlineData("perKey: { concurrent: 1 }", "limits.perKey", "has a meaning only with mode sigv4")]
    [InlineData("perAddress: { burst: 3 }", "limits.perAddress.burst", "has a meaning only beside requestsPerSecond")]
    [InlineData("trustedProxies: [10.0.0.0/64]", "limits.trustedProxies[0]", "is neither an address nor a network")]
    [InlineData("trustedProxies: [everybody]", "limits.trustedProxies[0]", "is neither an address nor a network")]
    public void What_makes_no_sense_is_refused(string limits, string path, string message)
    {
        ConfigurationError error = Assert.Single(Configurations.Load(With(limits)).Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string With(string limits) => Configurations.Least + $"\nlimits: {{ {limits} }}\n";
}
