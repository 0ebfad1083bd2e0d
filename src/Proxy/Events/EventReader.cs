using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace S3Proxy.Events;

/// <summary>
/// Reads what origins post: S3's notifications (S3 User Guide, "Event message structure") as AWS, MinIO and Ceph write them, EventBridge's form of them, and SNS' envelope around them. What is well-formed and
/// unknown has no events in it.
/// </summary>
internal static class EventReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>False for what is not JSON, or an envelope with something else in it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out EventDocument? document)
    {
        document = null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(body, Options);
            document = json.RootElement.ValueKind == JsonValueKind.Object && Text(json.RootElement, "TopicArn") is { } topic && Text(json.RootElement, "Type") is { } type
                ? ReadEnvelope(json.RootElement, topic, type)
                : new EventDocument { Events = ReadEvents(json.RootElement) };
            return true;
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            // The latter for text that is not Unicode.
            return false;
        }
    }

    private static EventDocument ReadEnvelope(JsonElement root, string topic, string type)
    {
        if (type != "Notification")
        {
            return new EventDocument { TopicArn = topic, IsNotification = false, SubscribeUrl = type == "SubscriptionConfirmation" ? Text(root, "SubscribeURL") : null };
        }

        using JsonDocument message = JsonDocument.Parse(Encoding.UTF8.GetBytes(Text(root, "Message") ?? ""), Options);
        return new EventDocument { TopicArn = topic, Events = ReadEvents(message.RootElement) };
    }

    private static IReadOnlyList<OriginEvent> ReadEvents(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (root.TryGetProperty("Records", out JsonElement records) && records.ValueKind == JsonValueKind.Array)
        {
            return [.. records.EnumerateArray().Select(ReadRecord)];
        }

        return Text(root, "source") == "aws.s3" && Text(root, "detail-type") is { } type ? [ReadBridged(root, type)] : [];
    }

    private static OriginEvent ReadRecord(JsonElement record)
    {
        EventSender sender = Text(record, "eventSource") switch
        {
            "aws:s3" => EventSender.Aws,
            "minio:s3" => EventSender.Minio,
            "ceph:s3" => EventSender.Ceph,
            _ => EventSender.Other,
        };
        string name = Text(record, "eventName") ?? "";
        JsonElement s3 = Child(record, "s3");
        JsonElement changed = Child(s3, "object");
        return Make(
            sender,
            EventNames.KindOf(name),
            Text(Child(s3, "bucket"), "name"),
            Text(changed, "key"),
            Text(changed, "sequencer") is { Length: > 0 } sequencer ? string.Join('\n', name, sequencer, Text(changed, "versionId"), Text(changed, "eTag") ?? Text(changed, "etag"), Text(record, "eventTime")) : null);
    }

    private static OriginEvent ReadBridged(JsonElement root, string type)
    {
        JsonElement detail = Child(root, "detail");
        return Make(
            EventSender.EventBridge,
            type.StartsWith("Object ", StringComparison.Ordinal) ? EventKind.ObjectChanged : EventKind.Other,
            Text(Child(detail, "bucket"), "name"),
            Text(Child(detail, "object"), "key"),
            Text(root, "id") is { Length: > 0 } id ? id : null);
    }

    private static OriginEvent Make(EventSender sender, EventKind kind, string? bucket, string? key, string? mark)
    {
        IReadOnlyList<string> keys = string.IsNullOrEmpty(key) ? [] : EventNames.KeysOf(key);
        bool isWhole = !string.IsNullOrEmpty(bucket) && (kind == EventKind.BucketRemoved || keys.Count > 0);
        if (kind != EventKind.Other && !isWhole)
        {
            kind = EventKind.Invalid;
        }

        return new OriginEvent(sender, kind, bucket ?? "", keys, mark is null || bucket is null || key is null ? null : string.Join('\n', bucket, key, mark));
    }

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement child) ? child : default;

    private static string? Text(JsonElement parent, string name) => Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
