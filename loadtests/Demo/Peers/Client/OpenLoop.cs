namespace S3Proxy.Demo.Peers.Client;

/// <summary>
/// Asks at fixed times, whether earlier answers have come or not: a server that stalls makes all that was due meanwhile late, and not fewer requests be asked, as a closed
/// loop would (coordinated omission).
/// </summary>
/// <param name="next">Makes the next request.</param>
/// <param name="interval">From one to the next; zero: all at once.</param>
/// <param name="count">How many.</param>
internal sealed class OpenLoop(Func<Ask> next, TimeSpan interval, long count) : IAskSource
{
    private long _asked;

    public bool TryNext(TimeSpan elapsed, out Ask ask, out TimeSpan due)
    {
        due = interval * _asked;
        if (_asked == count)
        {
            ask = default;
            return false;
        }

        _asked++;
        ask = next();
        return true;
    }
}
