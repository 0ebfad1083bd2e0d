using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests;

/// <summary><see cref="ReadSemanticsTests"/> where everything is forwarded.</summary>
public sealed class BypassedReadSemanticsTests : ReadSemanticsTests
{
    private protected override TestProxyOptions Options => new() { Rule = new CacheRule { Mode = CacheMode.Bypass } };
}
