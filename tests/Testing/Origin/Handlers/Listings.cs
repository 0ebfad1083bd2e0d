using System.Globalization;
using System.Text;
using System.Xml.Linq;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>ListObjects (v1) and ListObjectsV2.</summary>
internal sealed class Listings(OriginStore store)
{
    private const int MaxKeysPerPage = 1000;

    public OriginResponse ListV1(OriginCall call)
    {
        string marker = call.Query["marker"] ?? "";
        if (Collect(call, marker, out ListQuery query, out ListPage page) is { } refusal)
        {
            return refusal;
        }

        Func<string, string> text = Encoder(call);
        XElement result = Common(call, query, page, text);
        result.Add(S3Xml.Element("Marker", text(marker)));
        if (page.IsTruncated && query.Delimiter.Length > 0)
        {
            result.Add(S3Xml.Element("NextMarker", text(page.Last!)));
        }

        AddEntries(result, page, text, withOwner: true);
        return OriginResponse.ForXml(200, result);
    }

    public OriginResponse ListV2(OriginCall call)
    {
        string? token = call.Query["continuation-token"];
        string? startAfter = call.Query["start-after"];
        if (!TryReadToken(token, out string? resumed))
        {
            return call.Error(OriginErrorCode.InvalidArgument, "The continuation token provided is incorrect");
        }

        if (Collect(call, resumed ?? startAfter ?? "", out ListQuery query, out ListPage page) is { } refusal)
        {
            return refusal;
        }

        Func<string, string> text = Encoder(call);
        XElement result = Common(call, query, page, text);
        result.Add(S3Xml.Element("KeyCount", page.Objects.Count + page.CommonPrefixes.Count));
        if (token is not null)
        {
            result.Add(S3Xml.Element("ContinuationToken", token));
        }

        if (startAfter is not null)
        {
            result.Add(S3Xml.Element("StartAfter", text(startAfter)));
        }

        if (page.IsTruncated)
        {
            result.Add(S3Xml.Element("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page.Last!))));
        }

        AddEntries(result, page, text, withOwner: call.Query["fetch-owner"] == "true");
        return OriginResponse.ForXml(200, result);
    }

    private OriginResponse? Collect(OriginCall call, string marker, out ListQuery query, out ListPage page)
    {
        page = ListPage.Empty;
        query = new ListQuery(call.Query["prefix"] ?? "", call.Query["delimiter"] ?? "", marker, MaxKeysPerPage);
        if (call.Query["max-keys"] is { Length: > 0 } maxKeysText)
        {
            if (!int.TryParse(maxKeysText, NumberStyles.None, CultureInfo.InvariantCulture, out int maxKeys))
            {
                return call.Error(OriginErrorCode.InvalidArgument, "Argument maxKeys must be an integer between 0 and 2147483647");
            }

            query = query with { MaxKeys = Math.Min(maxKeys, MaxKeysPerPage) };
        }

        if (call.Query["encoding-type"] is not (null or "url"))
        {
            return call.Error(OriginErrorCode.InvalidArgument, "Invalid Encoding Method specified in Request");
        }

        return store.List(call.Bucket, query, out page) is { } failure ? call.Error(failure) : null;
    }

    private static XElement Common(OriginCall call, ListQuery query, ListPage page, Func<string, string> text)
    {
        XElement result = S3Xml.Element(
            "ListBucketResult",
            S3Xml.Element("Name", call.Bucket),
            S3Xml.Element("Prefix", text(query.Prefix)),
            S3Xml.Element("MaxKeys", query.MaxKeys),
            S3Xml.Element("IsTruncated", page.IsTruncated ? "true" : "false"));
        if (query.Delimiter.Length > 0)
        {
            result.Add(S3Xml.Element("Delimiter", text(query.Delimiter)));
        }

        if (call.Query["encoding-type"] is { } encoding)
        {
            result.Add(S3Xml.Element("EncodingType", encoding));
        }

        return result;
    }

    private static void AddEntries(XElement result, ListPage page, Func<string, string> text, bool withOwner)
    {
        foreach (StoredObject found in page.Objects)
        {
            result.Add(S3Xml.Element(
                "Contents",
                S3Xml.Element("Key", text(found.Key)),
                S3Xml.Element("LastModified", S3Xml.Time(found.LastModified)),
                S3Xml.Element("ETag", found.ETag),
                S3Xml.Element("Size", found.Content.Length),
                withOwner ? BucketOperations.Owner() : null,
                S3Xml.Element("StorageClass", found.StorageClass)));
        }

        foreach (string prefix in page.CommonPrefixes)
        {
            result.Add(S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", text(prefix))));
        }
    }

    private static Func<string, string> Encoder(OriginCall call) => call.Query["encoding-type"] == "url"
        ? static text => PercentEncoding.Encode(text, keepSlash: true)
        : static text => text;

    private static bool TryReadToken(string? token, out string? marker)
    {
        marker = null;
        if (token is null)
        {
            return true;
        }

        byte[] bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out int length))
        {
            return false;
        }

        marker = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }
}
