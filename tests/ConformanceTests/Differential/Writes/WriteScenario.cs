namespace S3Proxy.ConformanceTests.Differential.Writes;

/// <summary>
/// Calls one after another, sent to two buckets of their own: straight to the one, through the proxy to the other. The bucket is there when it begins. Each answer is
/// compared, and in the end all that the buckets hold.
/// </summary>
internal sealed record WriteScenario(string Name, IReadOnlyList<S3Call> Calls);
