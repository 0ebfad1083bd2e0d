using S3Proxy.Caching;

namespace S3Proxy.Invalidation;

/// <summary>One write under way: of some objects, or of a bucket. Used by one request.</summary>
internal sealed class WriteIntent(WriteTracker tracker, IReadOnlyList<ObjectId> objects, BucketId? bucket) : IDisposable
{
    private bool _ended;

    /// <summary>
    /// The origin has answered with a status below 500 that means what it says: raises the epochs and lets reads be cached again. Called before the client hears the
    /// answer.
    /// </summary>
    public void Answered(int status = StatusCodes.Status200OK) => End(status < StatusCodes.Status400BadRequest ? WriteOutcome.Done : WriteOutcome.Refused);

    /// <summary>The origin was never given the whole request, so that it cannot have carried it out.</summary>
    public void NotSent() => End(WriteOutcome.Refused);

    /// <summary>Ends a write that got no answer as one whose outcome is unknown. Does nothing after one of the others.</summary>
    public void Dispose() => End(WriteOutcome.Unknown);

    private void End(WriteOutcome outcome)
    {
        if (!_ended)
        {
            _ended = true;
            tracker.End(objects, bucket, outcome);
        }
    }
}
