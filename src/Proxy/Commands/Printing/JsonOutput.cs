using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace S3Proxy.Commands.Printing;

/// <summary>One JSON document on an output, and a line end.</summary>
internal static class JsonOutput
{
    // The text goes to a program or a file, never into a page.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document as it came.</summary>
    public static void Write(TextWriter output, JsonElement document) => Write(output, document.WriteTo);

    /// <summary>Writes an object with the properties that <paramref name="write"/> writes.</summary>
    public static void WriteObject(TextWriter output, Action<Utf8JsonWriter> write) => Write(output, json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });

    private static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, Options))
        {
            write(json);
        }

        output.WriteLine(Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length)));
    }
}
