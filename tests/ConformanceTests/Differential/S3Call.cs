using System.Collections.Immutable;
using System.Text;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>
/// One request as it will be on the wire, but for its address and signature. In query, headers and text the names in braces stand for what each side has a value of
/// its own for: <c>{bucket}</c>, <c>{upload1}</c>, <c>{version2}</c> (see <see cref="OpaqueValues"/>).
/// </summary>
internal sealed record S3Call
{
    /// <summary>As the value of a header: the Content-MD5 of the body, once its names are filled in.</summary>
    public const string DigestOfBody = "{md5}";

    public required string Method { get; init; }

    /// <summary>The bucket; null for the service.</summary>
    public string? Bucket { get; init; } = "{bucket}";

    /// <summary>The key as the path has it, percent-encoded or not; null for the bucket itself.</summary>
    public string? Key { get; init; }

    /// <summary>The query as sent, without question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>Headers, their values one character a byte.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A body; null for none.</summary>
    public byte[]? Body { get; init; }

    public CallSigning Signing { get; init; } = CallSigning.Header;

    /// <summary>Region the signature names.</summary>
    public string Region { get; init; } = "us-east-1";

    public static S3Call Get(string? key, string query = "") => new() { Method = "GET", Key = key, Query = query };

    public static S3Call Head(string? key, string query = "") => new() { Method = "HEAD", Key = key, Query = query };

    public static S3Call Put(string? key, byte[]? body = null, string query = "") => new() { Method = "PUT", Key = key, Query = query, Body = body ?? [] };

    public static S3Call Post(string? key, string query, string body = "") => new() { Method = "POST", Key = key, Query = query, Body = Encoding.UTF8.GetBytes(body) };

    public static S3Call Delete(string? key, string query = "") => new() { Method = "DELETE", Key = key, Query = query };

    public S3Call With(string header, string value) => this with { Headers = Headers.Add(new(header, value)) };

    /// <summary>With a text as its body, sent as UTF-8.</summary>
    public S3Call WithText(string body) => this with { Body = Encoding.UTF8.GetBytes(body) };

    /// <summary>The line that tells it in reports.</summary>
    public override string ToString()
    {
        string target = $"{Method} {(Bucket is null ? "" : "/" + Bucket)}{(Key is null ? "" : "/" + Key)}{(Query.Length == 0 ? "" : "?" + Query)}";
        string headers = string.Concat(Headers.Select(field => $" [{field.Key}: {field.Value}]"));
        return Shorten($"{target}{headers}{(Signing == CallSigning.Header ? "" : $" ({Signing})")}");
    }

    private static string Shorten(string text) => text.Length <= 240 ? text : text[..240] + "...";
}
