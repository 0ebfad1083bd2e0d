using S3Proxy.Auth;
using S3Proxy.Caching;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Forwarding;

/// <summary>
/// Reads the body of DeleteObjects, which names the keys to authorise and to invalidate (requirements A2, I3), and puts the body in its place that the origin
/// must see. Owns both buffers until the request is over.
/// </summary>
internal sealed class DeleteObjectsForwarding : IDisposable
{
    private DeleteObjectsBody? _body;
    private OriginDeleteObjectsBody? _mapped;

    /// <summary>The objects at their origin, each once. Empty before <see cref="PrepareAsync"/>.</summary>
    public IReadOnlyList<ObjectId> Objects { get; private set; } = [];

    /// <summary>Reads, checks and replaces the body; the error when it may not be carried out.</summary>
    public async Task<S3Error?> PrepareAsync(HttpContext http, ProxyRequest request)
    {
        if (await ReadAsync(http) is { } error)
        {
            return error;
        }

        BucketRoute route = request.Route!;
        HashSet<ObjectId> objects = [];
        foreach (DeleteObjectsEntry entry in _body!.Objects)
        {
            if (Authorizer.AuthorizeKey(request.Identity, route.ClientBucket, entry.Key, S3Actions.Delete) is { } denied)
            {
                return denied;
            }

            objects.Add(request.ObjectIdOf(entry.Key));
        }

        Objects = [.. objects];
        Replace(http.Request, request);
        return null;
    }

    public void Dispose()
    {
        _body?.Dispose();
        _mapped?.Dispose();
    }

    private async Task<S3Error?> ReadAsync(HttpContext http)
    {
        try
        {
            (_body, S3Error? error) = await DeleteObjectsBody.ReadAsync(http.Request.Body, ChecksumsOf(http.Request.Headers), http.RequestAborted);
            return error;
        }
        catch (UploadRefusedException refused)
        {
            return refused.Error;
        }
    }

    private static BodyChecksums ChecksumsOf(IHeaderDictionary headers) => new()
    {
        ContentMd5 = Find(headers, "Content-MD5"),
        ContentSha256 = Find(headers, S3Headers.ContentSha256),
        Crc32 = Find(headers, "x-amz-checksum-crc32"),
        Crc32C = Find(headers, "x-amz-checksum-crc32c"),
        Crc64Nvme = Find(headers, "x-amz-checksum-crc64nvme"),
        Sha1 = Find(headers, "x-amz-checksum-sha1"),
        Sha256 = Find(headers, "x-amz-checksum-sha256"),
    };

    private static string? Find(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) ? value.ToString() : null;

    private void Replace(HttpRequest http, ProxyRequest request)
    {
        BucketRoute route = request.Route!;
        ReadOnlyMemory<byte> bytes = _body!.Original;
        if (route.Prefix.Length > 0)
        {
            _mapped = OriginDeleteObjectsBody.Create(_body, new KeyMapping(route));
            bytes = _mapped.Bytes;
            foreach (string name in http.Headers.Keys.Where(BodyChecksums.DescribesOriginalBody).ToArray())
            {
                http.Headers.Remove(name);
            }

            http.Headers.ContentMD5 = _mapped.ContentMd5;
            http.Headers[S3Headers.ContentSha256] = _mapped.ContentSha256;
        }
        else if (request.Upload?.Checksum is not null)
        {
            // S3 demands a checksum of this operation, and the client's ended with its trailer.
            http.Headers.ContentMD5 = Convert.ToBase64String(BodyChecksums.Md5(bytes.Span));
        }

        http.Body = new MemoryStream(bytes.ToArray(), writable: false);
        http.ContentLength = bytes.Length;
        http.Headers.Remove("Transfer-Encoding");
    }
}
