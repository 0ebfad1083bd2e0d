using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Mapping;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class PercentCodingTests
{
    [Fact]
    public void Decoding_undoes_encoding_for_any_bytes() =>
        Prop.ForAll((byte[] bytes) => PercentCoding.DecodeListed(PercentCoding.Encode(bytes)).SequenceEqual(bytes)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a b+c/d%", "a%20b%2Bc/d%25")]
    [InlineData("(x)*'!", "%28x%29%2A%27%21")]
    [InlineData("日本~-._", "%E6%97%A5%E6%9C%AC~-._")]
    public void Encodes_all_but_unreserved_characters_and_slashes(string text, string encoded) =>
        Assert.Equal(encoded, PercentCoding.Encode(text));

    [Theory]
    [InlineData("a+b%20c", "a b c")]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%2b", "+")]
    public void Listed_keys_decode_leniently(string text, string decoded) =>
        Assert.Equal(decoded, Encoding.UTF8.GetString(PercentCoding.DecodeListed(text)));
}
