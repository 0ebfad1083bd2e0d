using System.Text;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Tests.Origin.Storage;

public sealed class KeyOrderTests
{
    [Fact]
    public void Keys_are_in_the_order_of_their_utf8_bytes()
    {
        string[] keys = ["", "a", "aa", "b", "B", "ab", "a/", "é", "\uD7FF", "\uE000", "\uFFFD", "😀", "😁", "\uE000a", "😀a", "a😀", "a\uFFFD"];
        foreach (string left in keys)
        {
            foreach (string right in keys)
            {
                int byBytes = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
                Assert.Equal(Math.Sign(byBytes), Math.Sign(KeyOrder.Instance.Compare(left, right)));
            }
        }
    }
}
