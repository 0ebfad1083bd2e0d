using S3Proxy.Caching;
using S3Proxy.Fleet;

namespace S3Proxy.Invalidation;

/// <summary>One write under way: of some objects, or of a bucket. Used by one request.</summary>
/// <remarks>
/// The asynchronous calls end it for all replicas, and must be awaited before the client hears; the others end a write that only this replica knows of, as one that another replica has told of.
/// </remarks>
internal sealed class WriteIntent(WriteTracker tracker, IReadOnlyList<ObjectId> objects, BucketId? bucket, FleetWrite? fleetWrite = null) : IDisposable, IAsyncDisposable
{
    private bool _ended;

    /// <summary>
    /// The origin has answered with a status below 500 that means what it says: raises the epochs and lets reads be cached again. Called before the client hears the
    /// answer.
    /// </summary>
    public ValueTask AnsweredAsync(int status = StatusCodes.Status200OK) => EndAsync(OutcomeOf(status));

    /// <summary>The origin was never given the request, so that it cannot have carried it out.</summary>
    public ValueTask NotSentAsync() => EndAsync(WriteOutcome.Refused);

    /// <summary>Ends a write that got no answer as one whose outcome is unknown. Does nothing after one of the others.</summary>
    public ValueTask DisposeAsync() => EndAsync(WriteOutcome.Unknown);

    /// <inheritdoc cref="AnsweredAsync"/>
    public void Answered(int status = StatusCodes.Status200OK) => End(OutcomeOf(status));

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => End(WriteOutcome.Unknown);

    /// <summary>Ends it on this replica. Does nothing after another end.</summary>
    public void End(WriteOutcome outcome)
    {
        if (!_ended)
        {
            _ended = true;
            tracker.End(objects, bucket, outcome);
        }
    }

    private ValueTask EndAsync(WriteOutcome outcome)
    {
        if (_ended)
        {
            return ValueTask.CompletedTask;
        }

        _ended = true;
        return tracker.EndAsync(objects, bucket, fleetWrite, outcome);
    }

    private static WriteOutcome OutcomeOf(int status) => status < StatusCodes.Status400BadRequest ? WriteOutcome.Done : WriteOutcome.Refused;
}
