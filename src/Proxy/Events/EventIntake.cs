using System.Collections.Frozen;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Invalidation;
using S3Proxy.Reloading;
using S3Proxy.Telemetry;

namespace S3Proxy.Events;

/// <summary>Has all replicas forget the objects that events tell of (requirement I5), as a purge does, and confirms subscriptions.</summary>
/// <remarks>
/// Thread-safe. What an event says of the object is not believed, only that something happened to it: the origin is asked when somebody reads it. So events may come twice, late and in any order.
/// </remarks>
internal sealed class EventIntake(CachePurge purge, HandledEvents handled, ITopicConfirmation confirmation, EventMetrics metrics, ILogger<EventIntake> logger)
{
    /// <summary>Objects that are told of at once.</summary>
    private const int Batch = 256;

    /// <summary>Carries out what a document tells. When this returns, no replica answers with what it knew before, unless the report says that some are pending.</summary>
    /// <param name="document">What was posted.</param>
    /// <param name="snapshot">The configuration of the request.</param>
    /// <param name="origin">Name of the origin that it came from; null for any.</param>
    /// <param name="cancellationToken">Ends the wait for other replicas.</param>
    public async Task<EventReport> TakeAsync(EventDocument document, ProxySnapshot snapshot, string? origin, CancellationToken cancellationToken)
    {
        EventReport report = new();
        FrozenSet<string> topics = snapshot.Configuration.Events.SnsTopics;
        if (document.TopicArn is { } topic && (!document.IsNotification || (topics.Count > 0 && !topics.Contains(topic))))
        {
            Tell(report, EventSender.Sns, await AnswerTopicAsync(topic, document.SubscribeUrl, topics, cancellationToken));
            return report;
        }

        if (document.Events.Count == 0)
        {
            Tell(report, EventSender.Other, EventResult.Ignored);
        }

        List<OriginEvent> waiting = [];
        foreach (OriginEvent told in document.Events)
        {
            if (ResultAtOnce(told, origin) is { } result)
            {
                Tell(report, told.Sender, result);
                continue;
            }

            waiting.Add(told);
            if (waiting.Count == Batch)
            {
                await CarryOutAsync(waiting, snapshot.Configuration, origin, report, cancellationToken);
                waiting.Clear();
            }
        }

        await CarryOutAsync(waiting, snapshot.Configuration, origin, report, cancellationToken);
        return report;
    }

    /// <summary>Null for an event that has to be carried out.</summary>
    private EventResult? ResultAtOnce(OriginEvent told, string? origin)
    {
        if (told.Kind == EventKind.Invalid)
        {
            Log.Invalid(logger, told.Sender);
            return EventResult.Invalid;
        }

        return told.Kind == EventKind.Other ? EventResult.Ignored
            : told.Mark is { } mark && handled.Contains(HandledEvents.MarkOf(mark, origin)) ? EventResult.Duplicate
            : null;
    }

    private async Task CarryOutAsync(IReadOnlyList<OriginEvent> events, ProxyConfiguration configuration, string? origin, EventReport report, CancellationToken cancellationToken)
    {
        HashSet<ObjectId> objects = [];
        HashSet<CacheScope> scopes = [];
        foreach (OriginEvent told in events)
        {
            foreach (BucketId place in EventTargets.PlacesOf(configuration, told.Bucket, origin))
            {
                if (told.Kind == EventKind.BucketRemoved)
                {
                    scopes.Add(CacheScope.Of(place));
                }
                else
                {
                    // Where clients choose the origin's Host (mode passthrough), the object may be known under others too. They share its epoch: what is known there is asked about before it is told.
                    objects.UnionWith(told.Keys.Select(key => new ObjectId(place.Origin, place.Bucket, key)));
                }
            }
        }

        bool isPending = await ForgetAsync(objects, scopes, cancellationToken);
        foreach (OriginEvent told in events)
        {
            bool isMapped = EventTargets.IsMapped(configuration, told.Bucket, origin);
            if (told.Mark is { } mark && isMapped && !isPending)
            {
                handled.Add(HandledEvents.MarkOf(mark, origin));
            }

            Tell(report, told.Sender, isPending ? EventResult.Pending : isMapped ? EventResult.Invalidated : EventResult.Unmapped);
        }
    }

    private async Task<bool> ForgetAsync(HashSet<ObjectId> objects, HashSet<CacheScope> scopes, CancellationToken cancellationToken)
    {
        bool isPending = objects.Count > 0 && (await purge.ForgetAsync([.. objects], cancellationToken)).IsPending;
        foreach (CacheScope scope in scopes)
        {
            isPending |= (await purge.ForgetAsync(scope, cancellationToken)).IsPending;
        }

        return isPending;
    }

    private async Task<EventResult> AnswerTopicAsync(string topic, string? subscribeUrl, FrozenSet<string> topics, CancellationToken cancellationToken)
    {
        if (subscribeUrl is null && topics.Contains(topic))
        {
            // The end of a subscription.
            return EventResult.Ignored;
        }

        if (!topics.Contains(topic) || TopicConfirmation.Check(subscribeUrl, topic) is not { } url)
        {
            Log.TopicRefused(logger, topic.Length <= 256 ? topic.ReplaceLineEndings(" ") : "(long)");
            return EventResult.Ignored;
        }

        if (await confirmation.ConfirmAsync(url, cancellationToken))
        {
            Log.TopicConfirmed(logger, topic);
            return EventResult.Confirmed;
        }

        Log.TopicFailed(logger, topic);
        return EventResult.Pending;
    }

    private void Tell(EventReport report, EventSender sender, EventResult result)
    {
        report.Add(result);
        metrics.Received(sender, result);
    }
}
