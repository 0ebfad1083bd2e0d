using System.Collections.Frozen;
using S3Proxy.Caching;
using S3Proxy.Protocol;

namespace S3Proxy.Responding;

/// <summary>Writes an object's headers as the origin gave them (requirement S2).</summary>
internal static class ObjectHeaders
{
    private static readonly FrozenSet<string> OfNotModified = new[]
    {
        "Cache-Control", "Content-Location", "ETag", "Expires", "Last-Modified", "x-amz-version-id",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>All headers of a 200 or 206 that are true of the object.</summary>
    public static void Write(HttpResponse response, ObjectMetadata metadata, bool includeChecksums)
    {
        foreach (HeaderField field in metadata.Headers)
        {
            response.Headers[field.Name] = field.Value;
        }

        if (includeChecksums)
        {
            foreach (HeaderField field in metadata.Checksums)
            {
                response.Headers[field.Name] = field.Value;
            }
        }

        response.Headers.AcceptRanges = "bytes";
        WriteRequestId(response);
    }

    /// <summary>The headers of a 304 (RFC 9110, 15.4.5): what a cache needs, nothing of the content and no user metadata.</summary>
    public static void WriteNotModified(HttpResponse response, ObjectMetadata metadata)
    {
        foreach (HeaderField field in metadata.Headers)
        {
            if (OfNotModified.Contains(field.Name))
            {
                response.Headers[field.Name] = field.Value;
            }
        }

        WriteRequestId(response);
    }

    /// <summary>A request id of this response alone; the origin's belongs to a fetch that many may share.</summary>
    public static void WriteRequestId(HttpResponse response) => response.Headers[S3Headers.RequestId] = RequestIds.Next();
}
