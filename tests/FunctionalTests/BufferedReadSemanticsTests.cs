using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests;

/// <summary><see cref="ReadSemanticsTests"/> where readers wait for the whole.</summary>
public sealed class BufferedReadSemanticsTests : ReadSemanticsTests
{
    private protected override TestProxyOptions Options => new() { Mode = CoalescingMode.Buffered };
}
