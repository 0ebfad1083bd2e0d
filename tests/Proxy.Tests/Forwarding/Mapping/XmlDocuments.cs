using System.Text;
using System.Xml.Linq;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Tests.Forwarding.Mapping;

/// <summary>Runs documents through the mapping and reads them as an SDK would.</summary>
internal static class XmlDocuments
{
    public static Task<XmlMappingResult> MapAsync(string document, S3Operation operation, string? key = null, params string[] query) =>
        MapAsync(MappedRoutes.Body(document), MappedRoutes.Mapped, MappedRoutes.Request(operation, key, query));

    public static async Task<XmlMappingResult> MapAsync(Stream document, BucketRoute route, S3Request request, Stream? keepAlive = null, CopySourceMapping? copySource = null) =>
        await ResponseXmlMapping.MapAsync(
            document,
            new XmlMappingContext { Request = request, Route = route, ClientEndpoint = "http://proxy:9000", CopySource = copySource },
            keepAlive,
            CancellationToken.None);

    public static string Text(this XmlMappingResult result)
    {
        Assert.True(result.Failure == XmlMappingFailure.None, result.Detail);
        return Encoding.UTF8.GetString(result.Body.Span);
    }

    /// <summary>The mapped document, after the check that it tells nothing of the origin.</summary>
    public static XElement Read(this XmlMappingResult result)
    {
        string text = result.Text();
        Assert.DoesNotContain(MappedRoutes.OriginBucket, text, StringComparison.Ordinal);
        Assert.DoesNotContain("zq7tenant", text, StringComparison.Ordinal);
        return XElement.Parse(text, LoadOptions.PreserveWhitespace);
    }

    public static string? Value(this XElement element, string localName) => element.Elements().FirstOrDefault(child => child.Name.LocalName == localName)?.Value;

    public static IEnumerable<XElement> All(this XElement element, string localName) => element.Elements().Where(child => child.Name.LocalName == localName);
}
