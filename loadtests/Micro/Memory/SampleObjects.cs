using System.Globalization;
using System.Text;
using S3Proxy.Caching;
using S3Proxy.Fetching;

namespace S3Proxy.Micro.Memory;

/// <summary>Objects as an S3 origin tells of them. Every text is made anew for every object, as the client of the origin does.</summary>
internal static class SampleObjects
{
    /// <summary>Bytes of each body.</summary>
    public const int BodyBytes = 1024;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Metadata of object <paramref name="number"/>: a key of 40 characters, an MD5 for an ETag and the headers that S3 sends with a GET of the whole object.</summary>
    public static ObjectMetadata Metadata(int number)
    {
        HeaderField[] headers =
        [
            new("x-amz-id-2", "eftixk72aD6Ap51TnqcoF8eFidJG9Z2mkiDFu8yU9AS1ed4OpIszj7UDNEHGran"),
            new("x-amz-request-id", "318BC8BC148832E5"),
            new("Date", "Sat, 21 Nov 2026 12:00:00 GMT"),
            new("Last-Modified", Now.AddSeconds(-number).ToString("r", CultureInfo.InvariantCulture)),
            new("ETag", ETag(number)),
            new(Fresh("x-amz-server-side-encryption"), Fresh("AES256")),
            new(Fresh("x-amz-meta-origin"), string.Create(CultureInfo.InvariantCulture, $"node-{number % 97}")),
            new("Accept-Ranges", Fresh("bytes")),
            new("Content-Type", Fresh("application/json")),
            new("Server", Fresh("AmazonS3")),
            new("Content-Length", "1024"),
        ];
        using OriginAnswer answer = new(200, headers, Stream.Null, null);
        return MetadataReader.Read(Id(number), answer, new AnswerExtent(ETag(number), 0, BodyBytes, BodyBytes), number, Now) with { CommittedAt = number };
    }

    public static ObjectId Id(int number) => new("main", Fresh("bucket"), string.Create(CultureInfo.InvariantCulture, $"datasets/2026/11/shard-{number:D11}.json"));

    /// <summary>Bytes of what must be remembered of an object as text: its key, its ETag and the names and values of its headers, in UTF-8.</summary>
    public static int TextBytes(ObjectMetadata metadata) =>
        Encoding.UTF8.GetByteCount(metadata.Version.Id.Key)
        + metadata.Headers.Sum(field => Encoding.UTF8.GetByteCount(field.Name) + Encoding.UTF8.GetByteCount(field.Value.ToString()));

    private static string ETag(int number) => string.Create(CultureInfo.InvariantCulture, $"\"{unchecked((uint)number * 2654435761u):x8}{number:x8}9f86d081884c7d65\"");

    private static string Fresh(string text) => new(text.AsSpan());
}
