namespace S3Proxy.Demo.Peers.Client;

/// <summary>Asks as fast as there are answers, for a time or a number of requests.</summary>
/// <param name="next">Makes the next request.</param>
/// <param name="duration">How long.</param>
/// <param name="count">How many at most.</param>
internal sealed class ClosedLoop(Func<Ask> next, TimeSpan duration, long count = long.MaxValue) : IAskSource
{
    private long _asked;

    public bool TryNext(TimeSpan elapsed, out Ask ask, out TimeSpan due)
    {
        due = elapsed;
        if (elapsed >= duration || _asked == count)
        {
            ask = default;
            return false;
        }

        _asked++;
        ask = next();
        return true;
    }
}
