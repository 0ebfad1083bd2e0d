using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests;

/// <summary><see cref="ReadSemanticsTests"/> where nothing is shared but the cache.</summary>
public sealed class UncoalescedReadSemanticsTests : ReadSemanticsTests
{
    private protected override TestProxyOptions Options => new() { Mode = CoalescingMode.Off, SliceBytes = 64 * 1024 };
}
