using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>PutObject.</summary>
internal sealed class ObjectWrites(OriginStore store, BodyReader bodies)
{
    public async ValueTask<OriginResponse> PutAsync(OriginCall call, CancellationToken cancellationToken)
    {
        if (ObjectHeaders.RefuseUnsupported(call) is { } unsupported)
        {
            return unsupported;
        }

        (byte[] bytes, OriginResponse? refusal) = await bodies.ReadAsync(call, lengthRequired: true, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        StoredObject candidate = Compose(store, call.Key, bytes, ObjectHeaders.From(call)) with { ChecksumHeaders = ObjectHeaders.ChecksumsFrom(call) };
        string? ifMatch = call.Header("If-Match");
        string? ifNoneMatch = call.Header("If-None-Match");
        if (store.Put(call.Bucket, candidate, current => Preconditions.ForWrite(ifMatch, ifNoneMatch, current), out StoredObject stored) is { } failure)
        {
            return call.Error(failure);
        }

        OriginResponse response = OriginResponse.Empty(200);
        response.Headers["ETag"] = stored.ETag;
        AddVersion(response, stored);
        foreach ((string name, string value) in stored.ChecksumHeaders)
        {
            response.Headers[name] = value;
        }

        return response;
    }

    /// <summary>An object of these bytes, its ETag their MD5.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "S3 defines the ETag by MD5.")]
    public static StoredObject Compose(OriginStore store, string key, byte[] bytes, IReadOnlyDictionary<string, string> headers) => new()
    {
        Key = key,
        Content = new ByteContent(bytes),
        ETag = $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"",
        LastModified = store.Now,
        Headers = headers,
    };

    public static void AddVersion(OriginResponse response, StoredObject stored)
    {
        if (stored.VersionId is { } versionId)
        {
            response.Headers["x-amz-version-id"] = versionId;
        }
    }
}
