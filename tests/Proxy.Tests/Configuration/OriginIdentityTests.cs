using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration;

/// <summary>docs/decisions/0018: what makes another place of an origin.</summary>
public sealed class OriginIdentityTests
{
    [Theory]
    [InlineData("accessKeyId: AK", "accessKeyId: AK2")]
    [InlineData("timeouts: { connect: 1s", "timeouts: { connect: 2s")]
    [InlineData("endpoints: [http://127.0.0.1:8000, \"http://[::1]:8001/\"]", "endpoints: [\"http://[::1]:8001/\", http://127.0.0.1:8000]")]
    public void What_changes_nothing_about_the_place_keeps_its_objects(string original, string replacement) =>
        Assert.Equal(IdentityOf(Configurations.Full), IdentityOf(Configurations.Full.Replace(original, replacement, StringComparison.Ordinal)));

    [Theory]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:8002")]
    [InlineData("region: eu-west-1", "region: eu-west-2")]
    [InlineData(", \"http://[::1]:8001/\"", "")]
    public void Another_place_has_other_objects(string original, string replacement)
    {
        string moved = Configurations.Full.Replace(original, replacement, StringComparison.Ordinal);
        Assert.NotEqual(IdentityOf(Configurations.Full), IdentityOf(moved));
        Assert.Equal(
            IdentityOf(Configurations.Full.Replace("region:", "identity: same\n    region:", StringComparison.Ordinal)),
            IdentityOf(moved.Replace("region:", "identity: same\n    region:", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_clients_were_told_in_their_own_names_is_kept_apart()
    {
        string passthrough = Configurations.Least.Replace("anonymous", "passthrough", StringComparison.Ordinal);
        Assert.NotEqual(IdentityOf(Configurations.Least), IdentityOf(passthrough));
    }

    [Theory]
    [InlineData("main@abc", "main")]
    [InlineData("main@abc s3.example.com", "main s3.example.com")]
    [InlineData("main", "main")]
    public void People_are_told_the_name(string identity, string name) => Assert.Equal(name, OriginIdentity.NameOf(identity));

    private static string IdentityOf(string yaml) => Configurations.Valid(yaml).Origins["main"].Identity;
}
