using System.Globalization;
using System.Text;
using System.Xml;
using S3Proxy.Protocol;

namespace S3Proxy.Warming;

/// <summary>One page of ListObjectsV2. Immutable.</summary>
/// <param name="Objects">What it lists.</param>
/// <param name="NextToken">Asks for the next page; null for the last.</param>
internal sealed record ListingPage(IReadOnlyList<ListedObject> Objects, string? NextToken)
{
    /// <summary>Bound on the document, in bytes: 1,000 keys of 1,024 bytes, each escaped to nine, with what is around them.</summary>
    public const int MaxBytes = 16 << 20;

    private static readonly XmlReaderSettings Settings = new()
    {
        Async = true,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = MaxBytes,
    };

    /// <summary>Reads a page as an origin sent it.</summary>
    /// <exception cref="XmlException">It is no listing, or too large.</exception>
    public static async Task<ListingPage> ReadAsync(Stream body)
    {
        using XmlReader reader = XmlReader.Create(body, Settings);
        if (await reader.MoveToContentAsync() != XmlNodeType.Element || reader.LocalName != "ListBucketResult")
        {
            throw new XmlException("The document is no ListBucketResult.");
        }

        List<(string Key, long? Size)> contents = [];
        string? token = null;
        bool isEncoded = false;
        bool isTruncated = false;
        await reader.ReadAsync();
        while (reader.NodeType == XmlNodeType.Element)
        {
            switch (reader.LocalName)
            {
                case "Contents":
                    contents.Add(await ReadObjectAsync(reader));
                    break;
                case "NextContinuationToken":
                    token = await reader.ReadElementContentAsStringAsync();
                    break;
                case "IsTruncated":
                    isTruncated = await reader.ReadElementContentAsStringAsync() == "true";
                    break;
                case "EncodingType":
                    isEncoded = await reader.ReadElementContentAsStringAsync() == "url";
                    break;
                default:
                    await reader.SkipAsync();
                    break;
            }
        }

        // Some servers tell the encoding after the keys.
        return new ListingPage([.. contents.Select(one => new ListedObject(isEncoded ? Encoding.UTF8.GetString(S3Uri.DecodeListed(one.Key)) : one.Key, one.Size))], isTruncated ? token : null);
    }

    private static async Task<(string Key, long? Size)> ReadObjectAsync(XmlReader reader)
    {
        string? key = null;
        long? size = null;
        await reader.ReadAsync();
        while (reader.NodeType == XmlNodeType.Element)
        {
            switch (reader.LocalName)
            {
                case "Key":
                    key = await reader.ReadElementContentAsStringAsync();
                    break;
                case "Size":
                    size = long.TryParse(await reader.ReadElementContentAsStringAsync(), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
                    break;
                default:
                    await reader.SkipAsync();
                    break;
            }
        }

        if (reader.NodeType == XmlNodeType.EndElement)
        {
            await reader.ReadAsync();
        }

        return (key ?? throw new XmlException("An object of the listing has no key."), size);
    }
}
