using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Configuration.Changes;
using S3Proxy.Reloading;

namespace S3Proxy.Admin;

/// <summary>Answers <c>POST /admin/reload</c> (requirement O1): has the configuration read again and tells what changed, or everything that is wrong with it. Thread-safe.</summary>
/// <remarks>Asks for a header that a page of another site cannot send without being asked first, as <see cref="PurgeRequestHandler"/> does.</remarks>
/// <param name="reloader">Null where the configuration did not come from a file.</param>
internal sealed class ReloadRequestHandler(Reloader? reloader) : IAdminHandler
{
    /// <inheritdoc/>
    public async Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return AdminAnswer.Text(StatusCodes.Status415UnsupportedMediaType, "Send \"Content-Type: application/json\"; the body is not read.\n");
        }

        if (reloader is null)
        {
            return AdminAnswer.Text(StatusCodes.Status409Conflict, "The configuration of this process did not come from a file.\n");
        }

        ReloadReport report = await reloader.ReloadAsync("POST /admin/reload", cancellationToken);
        return AdminAnswer.Json(report.Result == ReloadResult.Refused ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, json => Write(json, report));
    }

    private void Write(Utf8JsonWriter json, ReloadReport report)
    {
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
