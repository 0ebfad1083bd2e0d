using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>One <c>Object</c> of a DeleteObjects body, as the client named it.</summary>
/// <param name="Key">Key in the client's bucket.</param>
/// <param name="VersionId">Null when the current version is meant.</param>
/// <param name="Conditions">Further elements in the order sent (<c>ETag</c>, <c>LastModifiedTime</c>, <c>Size</c>, and what S3 may add): name and text.</param>
internal sealed record DeleteObjectsEntry(ObjectKey Key, string? VersionId, IReadOnlyList<KeyValuePair<string, string>> Conditions);
