using static S3Proxy.Configuration.Schema.ValueKind;

namespace S3Proxy.Configuration.Schema;

/// <summary>The keys of <c>events</c>; part of <see cref="ConfigurationKeys"/>.</summary>
internal static class EventKeys
{
    /// <summary>In the order of the documentation.</summary>
    public static IEnumerable<ConfigurationKey> All() =>
    [
        new("events", Mapping, null, "How origins tell of objects that were written past the proxy."),
        new("events.path", Text, EventsConfiguration.DefaultPath, "Where they post to, on the admin port."),
        .. ConfigurationKeys.SecretKeys("events.token", "Token for this path alone, printable ASCII without spaces, as bearer token or as password. Absent: the token of the admin port opens it."),
        new("events.snsTopics", List, null, "SNS topics that may send, and whose subscriptions are confirmed. Absent: any may send, and none is confirmed."),
        new("events.snsTopics[]", Text, null, "ARN of a topic."),
    ];
}
