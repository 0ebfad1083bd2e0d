namespace S3Proxy.FunctionalTests;

/// <summary><see cref="ReadSemanticsTests"/> where fresh objects are answered from memory.</summary>
public sealed class CachedReadSemanticsTests : ReadSemanticsTests
{
    private protected override TestProxyOptions Options => new();
}
