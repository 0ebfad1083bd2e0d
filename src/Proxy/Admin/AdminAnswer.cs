using System.Text;
using System.Text.Json;

namespace S3Proxy.Admin;

/// <summary>What the admin port answers. Immutable.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The whole body; HEAD gets its length alone.</param>
/// <param name="ContentType">Its media type.</param>
internal readonly record struct AdminAnswer(int Status, ReadOnlyMemory<byte> Body, string ContentType)
{
    private const string JsonType = "application/json";
    private const string TextType = "text/plain; charset=utf-8";
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Value of <c>Allow</c>, for answers that refuse a method.</summary>
    public string? Allow { get; init; }

    /// <summary>Headers that only this answer has.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A line of text.</summary>
    public static AdminAnswer Text(int status, string text) => new(status, Encoding.UTF8.GetBytes(text), TextType);

    /// <summary>A JSON document.</summary>
    public static AdminAnswer Json(int status, byte[] document) => new(status, document, JsonType);

    /// <summary>A JSON object, with the properties that <paramref name="write"/> writes.</summary>
    public static AdminAnswer Json(int status, Action<Utf8JsonWriter> write)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body, Indented))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Json(status, body.ToArray());
    }

    /// <summary>A refusal: what is wrong, and what to do about it.</summary>
    public static AdminAnswer Refusal(int status, string problem, string remedy) => Json(status, json =>
    {
        json.WriteString("error", problem);
        json.WriteString("remedy", remedy);
    });
}
