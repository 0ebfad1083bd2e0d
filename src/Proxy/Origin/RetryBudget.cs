namespace S3Proxy.Origin;

/// <summary>
/// How many requests to an origin may be repeats: a share of the requests made, and a few a second besides, so that retries never multiply the load of an origin that is
/// in trouble (requirement R1). Thread-safe.
/// </summary>
/// <param name="share">Repeats per request; 0.2 allows one for five.</param>
/// <param name="timeProvider">The only clock used.</param>
internal sealed class RetryBudget(double share, TimeProvider timeProvider)
{
    /// <summary>What may be saved up, in repeats.</summary>
    private const double MaxSaved = 100;

    private const double FreePerSecond = 5;

    private readonly Lock _lock = new();
    private double _tokens = 10;
    private long _refilledAt = timeProvider.GetTimestamp();

    /// <summary>A first request was made.</summary>
    public void OnRequest()
    {
        lock (_lock)
        {
            _tokens = Math.Min(MaxSaved, _tokens + share);
        }
    }

    /// <summary>Takes one repeat out of the budget; false when it is used up.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            long now = timeProvider.GetTimestamp();
            _tokens = Math.Min(MaxSaved, _tokens + (timeProvider.GetElapsedTime(_refilledAt, now).TotalSeconds * FreePerSecond));
            _refilledAt = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
