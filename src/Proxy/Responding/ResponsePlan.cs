using S3Proxy.Caching;
using S3Proxy.Protocol;

namespace S3Proxy.Responding;

/// <summary>What a read comes to once the version is known: a status and, for 200 and 206 of a GET, the bytes to send.</summary>
/// <param name="Status">200, 206, 304, 412 or 416.</param>
/// <param name="First">Object offset of the first byte.</param>
/// <param name="Length">Bytes of the body a GET has; what Content-Length tells.</param>
internal readonly record struct ResponsePlan(int Status, long First, long Length)
{
    /// <summary>Object offset of the last byte; meaningful when there is one.</summary>
    public long Last => First + Length - 1;

    /// <summary>What <paramref name="read"/> comes to for this version: S3's precedence of conditions first, then the range.</summary>
    public static ResponsePlan For(ReadContext read, ObjectMetadata metadata)
    {
        switch (read.Conditions.Evaluate(metadata.Version.Tag, metadata.LastModified))
        {
            case ConditionalOutcome.NotModified:
                return new ResponsePlan(StatusCodes.Status304NotModified, 0, 0);
            case ConditionalOutcome.PreconditionFailed:
                return new ResponsePlan(StatusCodes.Status412PreconditionFailed, 0, 0);
        }

        long size = metadata.SizeBytes;
        if (read.Range is not { } range || !read.Conditions.AllowsRange(metadata.Version.Tag, metadata.LastModified))
        {
            return new ResponsePlan(StatusCodes.Status200OK, 0, size);
        }

        ByteRangeResolution resolved = range.Resolve(size);
        return resolved.IsSatisfiable
            ? new ResponsePlan(StatusCodes.Status206PartialContent, resolved.FirstByte, resolved.LengthBytes)
            : new ResponsePlan(StatusCodes.Status416RangeNotSatisfiable, 0, 0);
    }

    /// <summary>True when the response sends bytes of the object.</summary>
    public bool HasBody(ReadContext read) => Status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent && !read.IsHead && Length > 0;
}
