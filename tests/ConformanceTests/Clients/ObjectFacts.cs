namespace S3Proxy.ConformanceTests.Clients;

/// <summary>What a client tells about an object without reading it.</summary>
/// <param name="Bytes">Size.</param>
/// <param name="ETag">With or without quotes, as the client shows it; null when it shows none.</param>
/// <param name="Metadata">User metadata by name in lower case, without <c>x-amz-meta-</c>; null when the client shows none.</param>
internal sealed record ObjectFacts(long Bytes, string? ETag, IReadOnlyDictionary<string, string>? Metadata);
