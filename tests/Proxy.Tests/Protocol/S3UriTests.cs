using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class S3UriTests
{
    [Theory]
    [InlineData("plain-._~/path", "plain-._~/path")]
    [InlineData("a b+c", "a%20b%2Bc")]
    [InlineData("(x)*'!", "%28x%29%2A%27%21")]
    [InlineData("a//b/../c/", "a//b/../c/")]
    [InlineData("%2F%25", "%252F%2525")]
    [InlineData("é€😀", "%C3%A9%E2%82%AC%F0%9F%98%80")]
    [InlineData("\0\u007f", "%00%7F")]
    [InlineData("", "")]
    public void EncodePath_follows_the_signature_rules(string key, string expected) => Assert.Equal(expected, S3Uri.EncodePath(key));

    [Fact]
    public void EncodePath_returns_the_same_instance_when_nothing_changes()
    {
        string key = new("some/plain.key".ToCharArray());

        Assert.Same(key, S3Uri.EncodePath(key));
    }

    [Fact]
    public void EncodeQueryValue_encodes_slashes() => Assert.Equal("a%2Fb%3D%26", S3Uri.EncodeQueryValue("a/b=&"));

    [Fact]
    public void Encoding_equals_a_plain_reference_and_decodes_to_what_it_was() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            string wellFormed = string.Concat((text ?? "").EnumerateRunes());
            string path = S3Uri.EncodePath(wellFormed);
            string query = S3Uri.EncodeQueryValue(wellFormed);
            bool decodes = S3Uri.TryDecode(path, plusIsSpace: false, out string? fromPath) && S3Uri.TryDecode(query, plusIsSpace: true, out string? fromQuery)
                && fromPath == wellFormed && fromQuery == wellFormed;
            return decodes && path == Reference(wellFormed, keepSlash: true) && query == Reference(wellFormed, keepSlash: false);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Encoding_of_every_byte_value_equals_the_reference()
    {
        for (int value = 0; value < 0x800; value++)
        {
            string text = $"a{(char)value}b";
            Assert.Equal(Reference(text, keepSlash: true), S3Uri.EncodePath(text));
            Assert.Equal(Reference(text, keepSlash: false), S3Uri.EncodeQueryValue(text));
        }
    }

    [Fact]
    public void Decoding_of_anything_never_throws() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            bool ok = S3Uri.TryDecode(text, plusIsSpace: false, out string? decoded);
            return ok == decoded is not null;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a+b", false, "a+b")]
    [InlineData("a+b%2B", true, "a b+")]
    [InlineData("%2f%2F", false, "//")]
    [InlineData("%252F", false, "%2F")]
    public void TryDecode_decodes_exactly_once(string encoded, bool plusIsSpace, string expected)
    {
        Assert.True(S3Uri.TryDecode(encoded, plusIsSpace, out string? decoded));
        Assert.Equal(expected, decoded);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("a%2G")]
    [InlineData("%ff")]
    [InlineData("%C3")]
    [InlineData("%C0%AF")]
    [InlineData("%ED%A0%80")]
    [InlineData("é")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    public void TryDecode_refuses(string encoded) => Assert.False(S3Uri.TryDecode(encoded, plusIsSpace: false, out _));

    [Fact]
    public void Decoding_listed_keys_undoes_encoding_for_any_bytes() =>
        Prop.ForAll((byte[] bytes) => S3Uri.DecodeListed(S3Uri.EncodePath(bytes)).SequenceEqual(bytes)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a+b%20c", "a b c")]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%2b", "+")]
    public void Listed_keys_decode_leniently(string text, string decoded) =>
        Assert.Equal(decoded, Encoding.UTF8.GetString(S3Uri.DecodeListed(text)));

    [Fact]
    public void Long_keys_are_encoded_and_decoded()
    {
        string key = new('é', 512);

        string encoded = S3Uri.EncodePath(key);

        Assert.Equal(512 * 6, encoded.Length);
        Assert.True(S3Uri.TryDecode(encoded, plusIsSpace: false, out string? decoded));
        Assert.Equal(key, decoded);
    }

    private static string Reference(string text, bool keepSlash)
    {
        var result = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            bool stays = b is >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9'
                or (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' || (keepSlash && b == (byte)'/');
            result.Append(stays ? ((char)b).ToString() : $"%{b:X2}");
        }

        return result.ToString();
    }
}
