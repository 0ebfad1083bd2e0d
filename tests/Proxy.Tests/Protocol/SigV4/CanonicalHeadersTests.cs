using System.Text;
using Microsoft.Extensions.Primitives;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Tests.Protocol.SigV4;

public class CanonicalHeadersTests
{
    [Theory]
    [InlineData(new[] { "  a   b  " }, "a b")]
    [InlineData(new[] { "a\t \tb" }, "a b")]
    [InlineData(new[] { " a ", "b  c" }, "a,b c")]
    [InlineData(new[] { "a, b" }, "a, b")]
    [InlineData(new[] { "" }, "")]
    [InlineData(new string[0], "")]
    [InlineData(new[] { "é" }, "é")]
    public void Values_are_trimmed_and_joined(string[] values, string expected)
    {
        var buffer = new CanonicalBuffer(new byte[4]);
        CanonicalHeaders.AppendValues(ref buffer, new StringValues(values));

        Assert.Equal(expected, Encoding.UTF8.GetString(buffer.Written));
        buffer.Dispose();
    }
}
