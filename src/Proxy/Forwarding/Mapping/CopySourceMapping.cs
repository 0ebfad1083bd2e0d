using System.Diagnostics.CodeAnalysis;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// A copy source on its way to the origin. The source goes through the route of its own bucket, which need not be the destination's.
/// Whether the caller may read <see cref="Source"/> is for who uses this to check.
/// </summary>
/// <param name="Source">What the client named.</param>
/// <param name="SourceRoute">Route of the source bucket.</param>
/// <param name="HeaderValue">Value of <c>x-amz-copy-source</c> for the origin, percent-encoded.</param>
internal sealed record CopySourceMapping(CopySource Source, BucketRoute SourceRoute, string HeaderValue)
{
    /// <summary>
    /// NoSuchBucket for a source bucket without a route, NotImplemented when the source is at another origin: S3 copies within one service.
    /// </summary>
    public static bool TryMap(
        CopySource source,
        BucketRoute destination,
        Func<BucketName, BucketRoute?> findRoute,
        [NotNullWhen(true)] out CopySourceMapping? mapped,
        [NotNullWhen(false)] out S3Error? error)
    {
        mapped = null;
        error = null;
        if (findRoute(source.Bucket) is not { } route)
        {
            error = new S3Error(S3ErrorCode.NoSuchBucket, "The source bucket of the copy does not exist.");
            return false;
        }

        if (!string.Equals(route.Origin.Name, destination.Origin.Name, StringComparison.Ordinal))
        {
            error = new S3Error(
                S3ErrorCode.NotImplemented,
                $"Buckets {source.Bucket} and {destination.ClientBucket} are kept by different storage services; read the object and upload it.");
            return false;
        }

        string version = source.VersionId is null ? "" : "?versionId=" + S3Uri.EncodeQueryValue(source.VersionId);
        mapped = new CopySourceMapping(source, route, $"{route.OriginBucket}/{S3Uri.EncodePath(route.OriginKey(source.Key))}{version}");
        return true;
    }
}
