namespace S3Proxy.Micro.Eviction;

/// <summary>What one policy made of one trace.</summary>
/// <param name="Trace">Name of the trace.</param>
/// <param name="Policy">Name of the policy.</param>
/// <param name="CacheShare">Size of the cache as a share of the bytes of all objects of the trace.</param>
/// <param name="HitRatio">Share of the requests that were hits.</param>
/// <param name="ByteHitRatio">Share of the bytes that were.</param>
/// <param name="NanosecondsPerRequest">Cost of a step of the replay, the policy included.</param>
internal sealed record ReplaySample(string Trace, string Policy, double CacheShare, double HitRatio, double ByteHitRatio, double NanosecondsPerRequest);
