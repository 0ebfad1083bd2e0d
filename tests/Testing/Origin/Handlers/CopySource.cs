using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>The x-amz-copy-source header: <c>[/]bucket/key[?versionId=id]</c>, percent-encoded, and its conditions.</summary>
internal static class CopySource
{
    public const string Header = "x-amz-copy-source";
    private const string VersionMark = "?versionId=";

    /// <summary>Finds the source, or tells why it may not be copied.</summary>
    public static OriginResponse? Find(OriginCall call, OriginStore store, out string bucket, out StoredObject source)
    {
        bucket = "";
        source = new StoredObject { Key = "", LastModified = default };
        string header = call.Header(Header) ?? "";
        int mark = header.IndexOf(VersionMark, StringComparison.Ordinal);
        string rawPath = (mark < 0 ? header : header[..mark]).TrimStart('/');
        int slash = rawPath.IndexOf('/');
        if (slash < 0)
        {
            slash = rawPath.IndexOf("%2F", StringComparison.OrdinalIgnoreCase);
        }

        if (slash < 1 || !PercentEncoding.TryDecode(rawPath, plusIsSpace: false, out string? path))
        {
            return call.Error(OriginErrorCode.InvalidArgument, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }

        bucket = path[..slash];
        string? versionId = mark < 0 ? null : header[(mark + VersionMark.Length)..];
        if (store.Find(bucket, path[(slash + 1)..], versionId, out StoredObject? found) is { } missing)
        {
            return call.Error(missing);
        }

        source = found!;

        // Unlike a read, a copy whose source is unmodified fails too (API Reference, CopyObject).
        PreconditionResult verdict = Preconditions.Evaluate(name => call.Header($"{Header}-{name}"), source);
        return verdict == PreconditionResult.Proceed ? null : call.Error(OriginErrorCode.PreconditionFailed);
    }
}
