namespace S3Proxy.SoakTests.Measuring;

/// <summary>What the process held at one moment.</summary>
/// <param name="ResidentBytes">Working set of the process: proxy, origin and clients together.</param>
/// <param name="OpenHandles">Open file descriptors, sockets included; 0 where the system does not tell.</param>
/// <param name="CacheBytes">Cached, in flight and reserved bytes of the proxy.</param>
internal readonly record struct ResourceSample(long ResidentBytes, int OpenHandles, long CacheBytes);
