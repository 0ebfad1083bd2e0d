using System.Text.Json;
using Microsoft.Extensions.Primitives;
using S3Proxy.Events;
using S3Proxy.Reloading;

namespace S3Proxy.Admin;

/// <summary>Answers <c>POST /admin/events</c> (requirement I5): reads what an origin tells and answers when it is carried out. Thread-safe.</summary>
/// <remarks>Asks for JSON, or for SNS' header with its text, neither of which a page of another site can send without being asked first.</remarks>
internal sealed class EventRequestHandler(CurrentSnapshot current, EventIntake intake) : IAdminHandler
{
    /// <summary>Four times what SNS and EventBridge send at most.</summary>
    private const int MaxBodyBytes = 1 << 20;

    private const string SnsHeader = "x-amz-sns-message-type";

    /// <summary>Where SNS names the topic, also of a message that it delivers raw (SNS Developer Guide, "Amazon SNS raw message delivery").</summary>
    private const string TopicHeader = "x-amz-sns-topic-arn";

    /// <inheritdoc/>
    public async Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken)
    {
        ProxySnapshot snapshot = current.Value;
        if (!request.HasJsonContentType() && !request.Headers.ContainsKey(SnsHeader))
        {
            return AdminAnswer.Text(StatusCodes.Status415UnsupportedMediaType, "Events are JSON: send \"Content-Type: application/json\".\n");
        }

        string? origin = request.Query["origin"] is [{ } name] ? name : null;
        if (origin is not null && !snapshot.Configuration.Origins.ContainsKey(origin))
        {
            return AdminAnswer.Text(StatusCodes.Status404NotFound, "There is no such origin.\n");
        }

        if (await RequestBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
        {
            return AdminAnswer.Text(StatusCodes.Status413PayloadTooLarge, $"A post of events has at most {MaxBodyBytes} bytes.\n");
        }

        if (!EventReader.TryRead(body, out EventDocument? document))
        {
            return AdminAnswer.Text(StatusCodes.Status400BadRequest, "That is not JSON, or an envelope with something else in it.\n");
        }

        if (document.TopicArn is null && request.Headers.TryGetValue(TopicHeader, out StringValues topic))
        {
            document = document with { TopicArn = topic.ToString() };
        }

        // What has been read is carried out, whether the sender waits or not.
        EventReport report = await intake.TakeAsync(document, snapshot, origin, CancellationToken.None);
        bool isBad = report[EventResult.Invalid] > 0 && report[EventResult.Invalid] == document.Events.Count;
        int status = report[EventResult.Pending] > 0 ? StatusCodes.Status503ServiceUnavailable : isBad ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        return AdminAnswer.Json(status, Write(report));
    }

    private static byte[] Write(EventReport report)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            foreach (EventResult result in Enum.GetValues<EventResult>())
            {
                json.WriteNumber(result.ToString().ToLowerInvariant(), report[result]);
            }

            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
