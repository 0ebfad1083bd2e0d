using S3Proxy.Caching;

namespace S3Proxy.Responding;

/// <summary>Writes an object's headers as the origin gave them (requirement S2).</summary>
internal static class ObjectHeaders
{
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
    }

    /// <summary>The headers of a 304 (RFC 9110, 15.4.5): what a cache needs, nothing of the content.</summary>
    public static void WriteNotModified(HttpResponse response, ObjectMetadata metadata)
    {
        foreach (HeaderField field in metadata.Headers)
        {
            if (!field.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[field.Name] = field.Value;
            }
        }
    }
}
