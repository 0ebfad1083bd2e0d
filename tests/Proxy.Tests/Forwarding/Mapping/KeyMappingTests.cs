using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class KeyMappingTests
{
    private static readonly KeyMapping Mapping = new(MappedRoutes.Mapped);

    [Fact]
    public void Mapping_and_back_is_the_identity_for_every_key()
    {
        Prop.ForAll((NonEmptyString text) =>
        {
            if (!ObjectKey.TryParse(text.Get, out ObjectKey key))
            {
                return true;
            }

            string origin = Mapping.ToOrigin(key);
            return Mapping.TryToClient(origin, out string? client)
                && client == key.Value
                && Mapping.TryToClient(Encoding.UTF8.GetBytes(origin), out ReadOnlySpan<byte> utf8)
                && Encoding.UTF8.GetString(utf8) == key.Value;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("zq7tenant")]
    [InlineData(MappedRoutes.Prefix)]
    [InlineData("ZQ7TENANT/a")]
    [InlineData("other/zq7tenant/a")]
    [InlineData("/zq7tenant/a")]
    public void Names_outside_the_prefix_and_the_prefix_itself_have_no_client_name(string originKey)
    {
        Assert.False(Mapping.TryToClient(originKey, out string? client));
        Assert.Null(client);
        Assert.False(Mapping.TryToClient(Encoding.UTF8.GetBytes(originKey), out _));
    }

    [Fact]
    public void Without_a_prefix_keys_are_the_same_on_both_sides()
    {
        var mapping = new KeyMapping(MappedRoutes.RenamedOnly);
        Assert.Equal("a/b", mapping.ToOrigin(MappedRoutes.Key("a/b")));
        Assert.True(mapping.TryToClient("a/b", out string? client));
        Assert.Equal("a/b", client);
        Assert.True(mapping.RenamesKeys);
        Assert.False(new KeyMapping(MappedRoutes.Unmapped).RenamesKeys);
    }
}
