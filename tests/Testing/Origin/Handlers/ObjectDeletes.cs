using System.Xml.Linq;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>DeleteObject and DeleteObjects.</summary>
internal sealed class ObjectDeletes(OriginStore store, BodyReader bodies)
{
    private const int MaxKeysPerRequest = 1000;

    public OriginResponse Delete(OriginCall call)
    {
        if (store.Delete(call.Bucket, call.Key, call.Query["versionId"], out StoredObject? affected) is { } failure)
        {
            return call.Error(failure);
        }

        OriginResponse response = OriginResponse.Empty(204);
        if (affected is not null)
        {
            ObjectWrites.AddVersion(response, affected);
            if (affected.IsDeleteMarker)
            {
                response.Headers["x-amz-delete-marker"] = "true";
            }
        }

        return response;
    }

    public async ValueTask<OriginResponse> DeleteManyAsync(OriginCall call, CancellationToken cancellationToken)
    {
        (byte[] bytes, OriginResponse? refusal) = await bodies.ReadAsync(call, lengthRequired: true, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!S3Xml.TryParse(bytes, out XElement? root) || root.Name.LocalName != "Delete"
            || root.Children("Object").Count() is 0 or > MaxKeysPerRequest || root.Children("Object").Any(item => string.IsNullOrEmpty(item.ChildText("Key"))))
        {
            return call.Error(OriginErrorCode.MalformedXML);
        }

        if (!store.HasBucket(call.Bucket))
        {
            return call.Error(OriginErrorCode.NoSuchBucket);
        }

        bool quiet = root.ChildText("Quiet") is "true" or "True" or "1";
        XElement result = S3Xml.Element("DeleteResult");
        foreach (XElement item in root.Children("Object"))
        {
            string key = item.ChildText("Key")!;
            string? versionId = item.ChildText("VersionId");
            store.Delete(call.Bucket, key, versionId, out StoredObject? affected);
            if (!quiet)
            {
                result.Add(Deleted(key, versionId, affected));
            }
        }

        return OriginResponse.ForXml(200, result);
    }

    private static XElement Deleted(string key, string? versionId, StoredObject? affected)
    {
        XElement deleted = S3Xml.Element("Deleted", S3Xml.Element("Key", key));
        if (versionId is not null)
        {
            deleted.Add(S3Xml.Element("VersionId", versionId));
        }

        if (affected is { IsDeleteMarker: true })
        {
            deleted.Add(S3Xml.Element("DeleteMarker", "true"), S3Xml.Element("DeleteMarkerVersionId", affected.VersionId));
        }

        return deleted;
    }
}
