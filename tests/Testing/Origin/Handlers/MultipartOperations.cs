using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>Multipart uploads.</summary>
internal sealed class MultipartOperations(OriginStore store, BodyReader bodies, long minPartBytes)
{
    private const int MaxPartNumber = 10_000;

    public OriginResponse Create(OriginCall call)
    {
        if (ObjectHeaders.RefuseUnsupported(call) is { } unsupported)
        {
            return unsupported;
        }

        return store.CreateUpload(call.Bucket, call.Key, ObjectHeaders.From(call), out string uploadId) is { } failure
            ? call.Error(failure)
            : OriginResponse.ForXml(200, S3Xml.Element(
                "InitiateMultipartUploadResult",
                S3Xml.Element("Bucket", call.Bucket),
                S3Xml.Element("Key", call.Key),
                S3Xml.Element("UploadId", uploadId)));
    }

    [SuppressMessage("Security", "CA5351", Justification = "S3 defines the ETag by MD5.")]
    public async ValueTask<OriginResponse> UploadPartAsync(OriginCall call, CancellationToken cancellationToken)
    {
        if (!TryPartNumber(call, out int number))
        {
            return BadPartNumber(call);
        }

        (byte[] bytes, OriginResponse? refusal) = await bodies.ReadAsync(call, lengthRequired: true, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        UploadedPart part = new(number, new ByteContent(bytes), MD5.HashData(bytes), store.Now);
        if (store.AddPart(call.Bucket, call.Key, UploadId(call), part) is { } failure)
        {
            return call.Error(failure);
        }

        OriginResponse response = OriginResponse.Empty(200);
        response.Headers["ETag"] = part.ETag;
        return response;
    }

    public OriginResponse CopyPart(OriginCall call)
    {
        if (!TryPartNumber(call, out int number))
        {
            return BadPartNumber(call);
        }

        if (CopySource.Find(call, store, out _, out StoredObject source) is { } refusal)
        {
            return refusal;
        }

        ObjectContent content = source.Content;
        if (call.Header("x-amz-copy-source-range") is { } rangeText)
        {
            if (ByteRange.Parse(rangeText) is not { First: { } first, Last: { } last } || last >= content.Length)
            {
                return call.Error(OriginErrorCode.InvalidArgument, "The x-amz-copy-source-range value must be bytes=first-last within the source.");
            }

            content = new ContentRange(content, first, last - first + 1);
        }

        UploadedPart part = new(number, content, content.ComputeMd5(), store.Now);
        return store.AddPart(call.Bucket, call.Key, UploadId(call), part) is { } failure
            ? call.Error(failure)
            : OriginResponse.ForXml(200, S3Xml.Element(
                "CopyPartResult", S3Xml.Element("LastModified", S3Xml.Time(part.Uploaded)), S3Xml.Element("ETag", part.ETag)));
    }

    public async ValueTask<OriginResponse> CompleteAsync(OriginCall call, CancellationToken cancellationToken)
    {
        (byte[] bytes, OriginResponse? refusal) = await bodies.ReadAsync(call, lengthRequired: false, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!TryParseParts(bytes, out List<(int Number, string ETag)> wanted))
        {
            return call.Error(OriginErrorCode.MalformedXML);
        }

        string? ifMatch = call.Header("If-Match");
        string? ifNoneMatch = call.Header("If-None-Match");
        OriginErrorCode? failure = store.CompleteUpload(
            call.Bucket,
            call.Key,
            UploadId(call),
            wanted,
            minPartBytes,
            current => Preconditions.ForWrite(ifMatch, ifNoneMatch, current),
            out StoredObject? stored);
        if (failure is { } code)
        {
            return call.Error(code);
        }

        OriginResponse response = OriginResponse.ForXml(200, S3Xml.Element(
            "CompleteMultipartUploadResult",
            S3Xml.Element("Location", $"http://{call.Header("Host")}{PercentEncoding.Encode(call.Target.Path, keepSlash: true)}"),
            S3Xml.Element("Bucket", call.Bucket),
            S3Xml.Element("Key", call.Key),
            S3Xml.Element("ETag", stored!.ETag)));
        ObjectWrites.AddVersion(response, stored);
        return response;
    }

    public OriginResponse Abort(OriginCall call) =>
        store.AbortUpload(call.Bucket, call.Key, UploadId(call)) is { } failure ? call.Error(failure) : OriginResponse.Empty(204);

    public OriginResponse ListParts(OriginCall call)
    {
        if (store.ListParts(call.Bucket, call.Key, UploadId(call), out IReadOnlyList<UploadedPart> parts) is { } failure)
        {
            return call.Error(failure);
        }

        int after = NumberOr(call.Query["part-number-marker"], 0);
        int maxParts = Math.Min(NumberOr(call.Query["max-parts"], 1000), 1000);
        UploadedPart[] rest = [.. parts.Where(part => part.Number > after)];
        UploadedPart[] page = [.. rest.Take(maxParts)];
        return OriginResponse.ForXml(200, S3Xml.Element(
            "ListPartsResult",
            S3Xml.Element("Bucket", call.Bucket),
            S3Xml.Element("Key", call.Key),
            S3Xml.Element("UploadId", UploadId(call)),
            S3Xml.Element("PartNumberMarker", after),
            S3Xml.Element("NextPartNumberMarker", page.Length == 0 ? 0 : page[^1].Number),
            S3Xml.Element("MaxParts", maxParts),
            S3Xml.Element("IsTruncated", page.Length < rest.Length ? "true" : "false"),
            page.Select(static part => S3Xml.Element(
                "Part",
                S3Xml.Element("PartNumber", part.Number),
                S3Xml.Element("LastModified", S3Xml.Time(part.Uploaded)),
                S3Xml.Element("ETag", part.ETag),
                S3Xml.Element("Size", part.Content.Length)))));
    }

    /// <summary>All uploads on one page; there are few in tests.</summary>
    public OriginResponse ListUploads(OriginCall call) =>
        store.ListUploads(call.Bucket, out IReadOnlyList<(string Id, string Key, DateTimeOffset Initiated)> uploads) is { } failure
            ? call.Error(failure)
            : OriginResponse.ForXml(200, S3Xml.Element(
                "ListMultipartUploadsResult",
                S3Xml.Element("Bucket", call.Bucket),
                S3Xml.Element("IsTruncated", "false"),
                uploads.OrderBy(static upload => upload.Key, KeyOrder.Instance).Select(static upload => S3Xml.Element(
                    "Upload",
                    S3Xml.Element("Key", upload.Key),
                    S3Xml.Element("UploadId", upload.Id),
                    S3Xml.Element("Initiated", S3Xml.Time(upload.Initiated))))));

    private static bool TryParseParts(byte[] document, out List<(int Number, string ETag)> parts)
    {
        parts = [];
        if (!S3Xml.TryParse(document, out XElement? root) || root.Name.LocalName != "CompleteMultipartUpload")
        {
            return false;
        }

        foreach (XElement part in root.Children("Part"))
        {
            if (!int.TryParse(part.ChildText("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || part.ChildText("ETag") is not { } etag)
            {
                return false;
            }

            parts.Add((number, etag));
        }

        return parts.Count > 0;
    }

    private static bool TryPartNumber(OriginCall call, out int number) =>
        int.TryParse(call.Query["partNumber"], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= MaxPartNumber;

    private static OriginResponse BadPartNumber(OriginCall call) =>
        call.Error(OriginErrorCode.InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive");

    private static string UploadId(OriginCall call) => call.Query["uploadId"] ?? "";

    private static int NumberOr(string? text, int fallback) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : fallback;
}
