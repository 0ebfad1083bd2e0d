using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests;

/// <summary><see cref="ReadSemanticsTests"/> where each read asks the origin.</summary>
public sealed class RevalidatedReadSemanticsTests : ReadSemanticsTests
{
    private protected override TestProxyOptions Options => new() { Rule = new CacheRule { Mode = CacheMode.Revalidate } };
}
