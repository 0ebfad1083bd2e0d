namespace S3Proxy.BrowserTests;

/// <summary>Tests that share a browser, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneChromium : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
