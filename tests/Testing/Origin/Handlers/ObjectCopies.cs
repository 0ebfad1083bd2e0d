using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>CopyObject. Content is shared, not copied.</summary>
internal sealed class ObjectCopies(OriginStore store)
{
    public OriginResponse Copy(OriginCall call)
    {
        if (ObjectHeaders.RefuseUnsupported(call) is { } unsupported)
        {
            return unsupported;
        }

        if (CopySource.Find(call, store, out string sourceBucket, out StoredObject source) is { } refusal)
        {
            return refusal;
        }

        bool replaces = "REPLACE".Equals(call.Header("x-amz-metadata-directive"), StringComparison.OrdinalIgnoreCase);
        if (!replaces && sourceBucket == call.Bucket && source.Key == call.Key && call.Header("x-amz-storage-class") is null)
        {
            return call.Error(
                OriginErrorCode.InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.");
        }

        StoredObject candidate = source with
        {
            Key = call.Key,
            ETag = EntityTagOfCopy(source),
            LastModified = store.Now,
            Headers = replaces ? ObjectHeaders.From(call) : source.Headers,
            PartBytes = [],
        };
        if (store.Put(call.Bucket, candidate, null, out StoredObject stored) is { } failure)
        {
            return call.Error(failure);
        }

        OriginResponse response = OriginResponse.ForXml(200, S3Xml.Element(
            "CopyObjectResult", S3Xml.Element("ETag", stored.ETag), S3Xml.Element("LastModified", S3Xml.Time(stored.LastModified))));
        ObjectWrites.AddVersion(response, stored);
        if (source.VersionId is { } sourceVersion)
        {
            response.Headers["x-amz-copy-source-version-id"] = sourceVersion;
        }

        return response;
    }

    /// <summary>A copy is one piece, so the tag of a multipart source becomes an MD5.</summary>
    private static string EntityTagOfCopy(StoredObject source) =>
        source.PartBytes.Count == 0 ? source.ETag : $"\"{Convert.ToHexStringLower(source.Content.ComputeMd5())}\"";
}
