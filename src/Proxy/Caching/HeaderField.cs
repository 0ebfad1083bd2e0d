using Microsoft.Extensions.Primitives;

namespace S3Proxy.Caching;

/// <summary>A header as the origin sent it.</summary>
internal readonly record struct HeaderField(string Name, StringValues Value);
