namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>A request that changes nothing.</summary>
/// <param name="Call">The request.</param>
/// <param name="IsCached">True for plain reads of objects that exist: cold they must miss, and hit once the object is in the cache.</param>
internal sealed record ReadCase(S3Call Call, bool IsCached);
