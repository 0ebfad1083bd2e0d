using System.Net;
using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration.Reading;

public sealed class ListenSectionTests
{
    [Fact]
    public void Nobody_is_trusted_by_default() => Assert.Empty(Configurations.Valid(Configurations.Least).Listen.TrustedProxies);

    [Fact]
    public void Proxies_are_addresses_and_networks() => Assert.Equal(
        [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::1/128")],
        Configurations.Valid(With("10.0.0.0/8, \"2001:db8::1\"")).Listen.TrustedProxies);

    [Theory]
    [InlineData("10.0.0.0/64")]
    [InlineData("everybody")]
    public void What_is_neither_is_refused(string proxy)
    {
        ConfigurationError error = Assert.Single(Configurations.Load(With(proxy)).Errors);
        Assert.Equal("listen.trustedProxies[0]", error.Path);
        Assert.Contains("is neither an address nor a network", error.Message, StringComparison.Ordinal);
    }

    private static string With(string proxies) => Configurations.Least + $"\nlisten: {{ trustedProxies: [{proxies}] }}\n";
}
