using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Tests.Protocol.SigV4;

public class CanonicalQueryTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("lifecycle", "lifecycle=")]
    [InlineData("prefix=J&max-keys=2", "max-keys=2&prefix=J")]
    [InlineData("a=+%2B%20%2F~", "a=%20%2B%20%2F~")]
    [InlineData("b=1&B=2&a-b=3&a=4&a.b=5&a%2Fb=6", "B=2&a=4&a%2Fb=6&a-b=3&a.b=5&b=1")]
    [InlineData("%C3%A9=1&z=2&%F0%9F%98%80=3", "%C3%A9=1&%F0%9F%98%80=3&z=2")]
    public void Sorts_by_the_encoded_name(string raw, string expected) => Assert.Equal(expected, CanonicalQuery.Build(S3Query.TryParse(raw, out _)!.Items));

    [Fact]
    public void Equal_names_are_sorted_by_value() => Assert.Equal("a=1&a=2", CanonicalQuery.Build([new("a", "2"), new("a", "1")]));

    [Fact]
    public void More_parameters_than_fit_the_stack()
    {
        KeyValuePair<string, string>[] items = [.. Enumerable.Range(0, 90).Select(i => KeyValuePair.Create($"p{i:00}", new string('é', 40)))];

        string built = CanonicalQuery.Build([.. items.Reverse()]);

        Assert.Equal(string.Join('&', items.Select(i => $"{i.Key}={Uri.EscapeDataString(i.Value)}")), built);
    }

    [Fact]
    public void One_name_may_be_left_out()
    {
        var buffer = new CanonicalBuffer(new byte[8]);
        CanonicalQuery.Append(ref buffer, [new("b", "1"), new("X-Amz-Signature", "x"), new("a", "2")], "X-Amz-Signature");

        Assert.Equal("a=2&b=1"u8, buffer.Written);
        buffer.Dispose();
    }
}
