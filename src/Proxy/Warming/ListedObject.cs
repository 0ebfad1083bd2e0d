namespace S3Proxy.Warming;

/// <summary>An object to warm.</summary>
/// <param name="OriginKey">Its key at the origin.</param>
/// <param name="SizeBytes">Its size as a listing told; null where none did.</param>
internal readonly record struct ListedObject(string OriginKey, long? SizeBytes);
