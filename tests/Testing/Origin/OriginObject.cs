namespace S3Proxy.Testing.Origin;

/// <summary>An object as the origin holds it now.</summary>
/// <param name="ETag">Quoted.</param>
/// <param name="SizeBytes">Length of the content.</param>
/// <param name="LastModified">Whole seconds, UTC.</param>
/// <param name="VersionId">Null in a bucket without versions.</param>
public sealed record OriginObject(string ETag, long SizeBytes, DateTimeOffset LastModified, string? VersionId);
