using System.Diagnostics;

namespace S3Proxy.Telemetry.Tracing;

/// <summary>
/// Starts and ends spans below that of a request (requirement O3). Parents are told and never taken from <see cref="Activity.Current"/>, which stays what it was: a fetch belongs to
/// its flight and not to the request that happens to run on the same thread.
/// </summary>
/// <remarks>With a null parent, that is when nobody traces the request, every call returns at once and allocates nothing.</remarks>
internal static class Spans
{
    /// <summary>A span below <paramref name="parent"/>; null when that is null. To be ended with <see cref="End"/>.</summary>
    public static Activity? StartChild(this Activity? parent, string name, ActivityKind kind)
    {
        if (parent is null)
        {
            return null;
        }

        Activity? current = Activity.Current;
        Activity? child = parent.Source.StartActivity(name, kind, parent.Context);
        Activity.Current = current;
        return child;
    }

    /// <summary>Ends a span; nothing for null.</summary>
    /// <param name="span">The span.</param>
    /// <param name="error">What failed, in the words of the metrics; null when nothing did.</param>
    public static void End(this Activity? span, string? error = null)
    {
        if (span is null)
        {
            return;
        }

        if (error is not null)
        {
            span.SetStatus(ActivityStatusCode.Error);
            span.SetTag("error.type", error);
        }

        Activity? current = Activity.Current;
        span.Stop();
        Activity.Current = current;
    }

    /// <summary>Tells that the request of <paramref name="follower"/> was answered from what <paramref name="leader"/> fetched.</summary>
    public static void Follow(this Activity? follower, Activity? leader)
    {
        if (follower is { IsAllDataRequested: true } && leader is not null)
        {
            follower.AddLink(new ActivityLink(leader.Context));
        }
    }
}
