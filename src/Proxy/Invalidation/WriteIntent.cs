using S3Proxy.Caching;

namespace S3Proxy.Invalidation;

/// <summary>One write under way. Used by one request.</summary>
internal sealed class WriteIntent(WriteTracker tracker, IReadOnlyList<ObjectId> objects) : IDisposable
{
    private bool _ended;

    /// <summary>The origin has answered: raises the epochs and lets reads be cached again. Called before the client hears the answer.</summary>
    public void Answered() => End(outcomeKnown: true);

    /// <summary>Ends a write that got no answer as one whose outcome is unknown. Does nothing after <see cref="Answered"/>.</summary>
    public void Dispose() => End(outcomeKnown: false);

    private void End(bool outcomeKnown)
    {
        if (!_ended)
        {
            _ended = true;
            tracker.End(objects, outcomeKnown);
        }
    }
}
