namespace S3Proxy.ConformanceTests.Differential;

/// <summary>Where a request names its bucket.</summary>
public enum AddressStyle
{
    Path,
    Host,
}
