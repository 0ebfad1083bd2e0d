using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;

namespace S3Proxy.Tests.Origin.Signing;

public class OriginCredentialsSourcesTests
{
    [Fact]
    public async Task Static_keys_are_those_of_the_configuration()
    {
        var configured = new OriginCredentials
        {
            Source = OriginCredentialsSource.Static,
            AccessKeyId = "AK",
            SecretAccessKey = "SK",
            SessionToken = "T",
        };

        SigningCredentials? credentials = await OriginCredentialsSources.Create(configured, TimeProvider.System).GetAsync(CancellationToken.None);

        Assert.Equal(new SigningCredentials("AK", "SK", "T"), credentials);
        Assert.DoesNotContain("SK", credentials!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_origins_have_no_keys() =>
        Assert.Null(await OriginCredentialsSources.Create(new() { Source = OriginCredentialsSource.Anonymous }, TimeProvider.System).GetAsync(default));

    [Fact]
    public void The_chain_refreshes() =>
        Assert.IsType<RefreshingCredentialsSource>(
            OriginCredentialsSources.Create(new() { Source = OriginCredentialsSource.AwsChain }, TimeProvider.System));

    [Fact]
    public void Static_keys_need_both_halves() =>
        Assert.Throws<ArgumentException>(() => OriginCredentialsSources.Create(
            new() { Source = OriginCredentialsSource.Static, AccessKeyId = "AK" }, TimeProvider.System));
}
