using System.Text;
using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Configuration.Changes;
using S3Proxy.Reloading;

namespace S3Proxy.Admin;

/// <summary>Answers <c>POST /admin/reload</c> (requirement O1): has the configuration read again and tells what changed, or everything that is wrong with it. Thread-safe.</summary>
/// <remarks>Asks for a header that a page of another site cannot send without being asked first, as <see cref="PurgeRequestHandler"/> does.</remarks>
/// <param name="reloader">Null where the configuration did not come from a file.</param>
internal sealed class ReloadRequestHandler(Reloader? reloader)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Carries the request out; the status and the body to answer.</summary>
    public async Task<(int Status, byte[] Body, bool IsJson)> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return (StatusCodes.Status415UnsupportedMediaType, Encoding.UTF8.GetBytes("Send \"Content-Type: application/json\"; the body is not read.\n"), false);
        }

        if (reloader is null)
        {
            return (StatusCodes.Status409Conflict, Encoding.UTF8.GetBytes("The configuration of this process did not come from a file.\n"), false);
        }

        ReloadReport report = await reloader.ReloadAsync("POST /admin/reload", cancellationToken);
        return (report.Result == ReloadResult.Refused ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, Write(report), true);
    }

    private byte[] Write(ReloadReport report)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body, Indented))
        {
            json.WriteStartObject();
            json.WriteString("result", report.Result.ToString().ToLowerInvariant());
            json.WriteStartArray("changes");
            foreach (ConfigurationChange change in report.Changes)
            {
                json.WriteStartObject();
                json.WriteString("path", change.Path);
                json.WriteString("change", change.Kind.ToString().ToLowerInvariant());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("errors");
            foreach (ConfigurationError error in report.Errors)
            {
                Write(json, error);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private void Write(Utf8JsonWriter json, ConfigurationError error)
    {
        json.WriteStartObject();
        json.WriteString("path", error.Path);
        if (error.Variable is { } variable)
        {
            json.WriteString("variable", variable);
        }
        else
        {
            json.WriteString("file", reloader!.FileName);
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
        }

        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }
}
