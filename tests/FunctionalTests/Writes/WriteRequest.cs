using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.FunctionalTests.Writes;

/// <summary>The parts of a request that are known only when it is prepared.</summary>
internal sealed record WriteRequest
{
    /// <summary>Replaces the query of the row.</summary>
    public string? Query { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? Body { get; init; }

    public HttpContent? Content() => Body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(Body));

    /// <summary>A document with the checksum that S3 wants for some of them.</summary>
    public static WriteRequest Document(string xml) => new()
    {
        Body = xml,
        Headers = new Dictionary<string, string> { ["Content-MD5"] = Md5(xml) },
    };

    public static WriteRequest With(string header, string value) => new() { Headers = new Dictionary<string, string> { [header] = value } };

#pragma warning disable CA5351 // S3 fixes the algorithm.
    private static string Md5(string text) => Convert.ToBase64String(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
