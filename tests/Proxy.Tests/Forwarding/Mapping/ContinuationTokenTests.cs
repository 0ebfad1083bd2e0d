using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Mapping;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class ContinuationTokenTests
{
    private static readonly KeyMapping Mapping = new(MappedRoutes.Mapped);

    [Theory]
    [InlineData(MappedRoutes.Prefix + "models/last key.bin")]
    [InlineData(MappedRoutes.Prefix)]
    [InlineData("enE3dGVuYW50L21vZGVscy9sYXN0")] // base64 of zq7tenant/models/last, as MinIO makes them
    [InlineData("enE3dGVuYW50L21vZGVscy9sYXN0MQ==")]
    [InlineData("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=")]
    [InlineData("zq7tenant%2Fmodels%2Flast")]
    [InlineData("日本/\u0001")]
    public void A_token_comes_back_as_the_origin_made_it_and_shows_no_prefix(string originToken)
    {
        string client = ContinuationToken.ToClient(originToken, Mapping);

        Assert.DoesNotContain("zq7tenant", client, StringComparison.Ordinal);
        Assert.Matches("^p1[kbw]\\.[A-Za-z0-9_-]*$", client);
        Assert.True(ContinuationToken.TryToOrigin(client, Mapping, out string? back));
        Assert.Equal(originToken, back);
    }

    [Theory]
    [InlineData(MappedRoutes.Prefix + "models/last")]
    [InlineData("enE3dGVuYW50L21vZGVscy9sYXN0")]
    public void A_token_that_is_a_key_does_not_hold_the_prefix_even_when_decoded(string originToken)
    {
        string payload = ContinuationToken.ToClient(originToken, Mapping)[4..];
        Assert.Equal("models/last", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(payload)));
    }

    [Fact]
    public void Any_token_survives_the_round_trip()
    {
        Prop.ForAll((NonEmptyString text) =>
        {
            string token = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get));
            return ContinuationToken.TryToOrigin(ContinuationToken.ToClient(token, Mapping), Mapping, out string? back) && back == token;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("zq7tenant/key")]
    [InlineData("p1")]
    [InlineData("p1x.YQ")]
    [InlineData("p2k.YQ")]
    [InlineData("p1k.Y")]
    [InlineData("p1k.a+b/")]
    [InlineData("p1k._w")] // not UTF-8
    public void Tokens_of_others_are_refused(string token) => Assert.False(ContinuationToken.TryToOrigin(token, Mapping, out _));

    [Fact]
    public void No_text_makes_the_decoder_throw()
    {
        Prop.ForAll((NonNull<string> text) =>
        {
            _ = ContinuationToken.TryToOrigin("p1k." + text.Get, Mapping, out _);
            _ = ContinuationToken.TryToOrigin(text.Get, Mapping, out _);
            return true;
        }).QuickCheckThrowOnFailure();
        Assert.False(ContinuationToken.TryToOrigin("p1k." + new string('A', 9000), Mapping, out _));
    }
}
