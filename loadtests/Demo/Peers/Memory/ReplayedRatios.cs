namespace S3Proxy.Demo.Peers.Memory;

/// <summary>Hit ratios of the same requests, replayed on as many bytes of content as a server held. Immutable.</summary>
/// <param name="ContentBytes">Bodies only, as if nothing else took memory.</param>
/// <param name="Lru">Of a cache that keeps what was asked for last.</param>
/// <param name="MostPopular">Of a cache that never changes and has the most popular objects: the most that can be had, in the long run, where sizes do not matter.</param>
/// <param name="MostPerByte">Of a cache that never changes and has the objects with the most requests to be expected a byte: the most that can be had at all.</param>
internal sealed record ReplayedRatios(long ContentBytes, double Lru, double MostPopular, double MostPerByte);
