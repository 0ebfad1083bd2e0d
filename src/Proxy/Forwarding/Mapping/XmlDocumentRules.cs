using System.Collections.Frozen;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// The documents that tell names and how each is mapped (Amazon S3 API Reference, response syntax of each action). What the proxy knows
/// from the request is written from the request, so that an origin's way of echoing cannot show its names.
/// </summary>
internal static class XmlDocumentRules
{
    private static readonly XmlRule Entry = Of(XmlAction.Entry, ("Key", new(XmlAction.EntryKey)));
    private static readonly XmlRule CommonPrefixes = Of(XmlAction.Entry, ("Prefix", new(XmlAction.EntryKey)));
    private static readonly XmlRule Bucket = new(XmlAction.Bucket);
    private static readonly XmlRule NextKey = new(XmlAction.NextKey);
    private static readonly XmlRule Prefix = new(XmlAction.Echo, "prefix");
    private static readonly XmlRule KeyMarker = new(XmlAction.Echo, "key-marker");
    private static readonly XmlRule FreeText = new(XmlAction.FreeText);

    /// <summary>ListObjects and ListObjectsV2.</summary>
    private static readonly XmlRule ListBucketResult = Of(
        XmlAction.Copy,
        ("Name", Bucket),
        ("Prefix", Prefix),
        ("Marker", new(XmlAction.Echo, "marker")),
        ("NextMarker", NextKey),
        ("StartAfter", new(XmlAction.EchoIfSent, "start-after")),
        ("ContinuationToken", new(XmlAction.EchoTokenIfSent, "continuation-token")),
        ("NextContinuationToken", new(XmlAction.NextToken)),
        ("KeyCount", new(XmlAction.KeyCount)),
        ("Contents", Entry),
        ("CommonPrefixes", CommonPrefixes));

    private static readonly XmlRule ListVersionsResult = Of(
        XmlAction.Copy,
        ("Name", Bucket),
        ("Prefix", Prefix),
        ("KeyMarker", KeyMarker),
        ("NextKeyMarker", NextKey),
        ("Version", Entry),
        ("DeleteMarker", Entry),
        ("CommonPrefixes", CommonPrefixes));

    private static readonly XmlRule ListMultipartUploadsResult = Of(
        XmlAction.Copy,
        ("Bucket", Bucket),
        ("Prefix", Prefix),
        ("KeyMarker", KeyMarker),
        ("NextKeyMarker", NextKey),
        ("Upload", Entry),
        ("CommonPrefixes", CommonPrefixes));

    /// <summary>Documents about the one object the request names.</summary>
    private static readonly XmlRule OneObject = Of(
        XmlAction.Copy,
        ("Bucket", Bucket),
        ("Key", new(XmlAction.RequestKey)),
        ("Location", new(XmlAction.Location)));

    private static readonly XmlRule DeleteResult = Of(
        XmlAction.Copy,
        ("Deleted", Entry),
        ("Error", Of(XmlAction.Entry, ("Key", new(XmlAction.EntryKey)), ("Message", FreeText))));

    private static readonly XmlRule NoNames = new(XmlAction.Copy);

    /// <summary>
    /// Only what is known to be harmless: an error may also hold the canonical request and access key id of the proxy's own
    /// signature, or the endpoint that would lead the client past the proxy.
    /// </summary>
    private static readonly XmlRule Error = Of(
        XmlAction.Copy,
        ("Code", NoNames),
        ("Message", FreeText),
        ("Resource", new(XmlAction.Resource)),
        ("Bucket", new(XmlAction.ErrorBucket)),
        ("BucketName", new(XmlAction.ErrorBucket)),
        ("Key", new(XmlAction.ErrorKey)),
        ("ArgumentName", NoNames),
        ("ArgumentValue", FreeText),
        ("RequestId", NoNames),
        ("HostId", NoNames),
        ("Region", NoNames),
        ("VersionId", NoNames),
        ("UploadId", NoNames),
        ("ETag", NoNames),
        ("PartNumber", NoNames),
        ("Condition", NoNames),
        ("Method", NoNames),
        ("ResourceType", NoNames),
        ("Header", NoNames),
        ("RangeRequested", NoNames),
        ("ActualObjectSize", NoNames),
        ("MinSizeAllowed", NoNames),
        ("MaxSizeAllowed", NoNames),
        ("ProposedSize", NoNames),
        ("StorageClass", NoNames),
        ("RetryAfterSeconds", NoNames)) with
    { Unlisted = XmlAction.Drop };

    /// <summary>True when a successful answer to <paramref name="operation"/> has a document that must be mapped.</summary>
    public static bool HasResult(S3Operation operation) => operation switch
    {
        S3Operation.ListObjects or S3Operation.ListObjectsV2 or S3Operation.ListObjectVersions or S3Operation.ListMultipartUploads
            or S3Operation.ListParts or S3Operation.CreateMultipartUpload or S3Operation.CompleteMultipartUpload
            or S3Operation.CopyObject or S3Operation.UploadPartCopy or S3Operation.DeleteObjects => true,
        _ => false,
    };

    /// <summary>Rule of the root <paramref name="localName"/> in an answer to <paramref name="operation"/>; null when it does not belong there.</summary>
    public static XmlRule? Find(S3Operation operation, string localName) => (operation, localName) switch
    {
        (_, "Error") => Error,
        (S3Operation.ListObjects or S3Operation.ListObjectsV2, "ListBucketResult") => ListBucketResult,
        (S3Operation.ListObjectVersions, "ListVersionsResult") => ListVersionsResult,
        (S3Operation.ListMultipartUploads, "ListMultipartUploadsResult") => ListMultipartUploadsResult,
        (S3Operation.ListParts, "ListPartsResult") => OneObject,
        (S3Operation.CreateMultipartUpload, "InitiateMultipartUploadResult") => OneObject,
        (S3Operation.CompleteMultipartUpload, "CompleteMultipartUploadResult") => OneObject,
        (S3Operation.CopyObject or S3Operation.UploadPartCopy, "CopyObjectResult" or "CopyPartResult") => NoNames,
        (S3Operation.DeleteObjects, "DeleteResult") => DeleteResult,
        _ => null,
    };

    private static XmlRule Of(XmlAction action, params (string Name, XmlRule Rule)[] children) =>
        new(action, Children: children.ToFrozenDictionary(child => child.Name, child => child.Rule, StringComparer.Ordinal));
}
