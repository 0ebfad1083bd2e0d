namespace S3Proxy.Origin;

/// <summary>Bounds the requests that are sent a second time before the first has failed to a share of all (requirement R1). Thread-safe.</summary>
/// <param name="share">Extra requests per request; 0.05 allows one for twenty.</param>
internal sealed class HedgeBudget(double share)
{
    private const double MaxSaved = 10;

    private readonly Lock _lock = new();
    private double _tokens;

    /// <summary>A first request was made.</summary>
    public void OnRequest()
    {
        lock (_lock)
        {
            _tokens = Math.Min(MaxSaved, _tokens + share);
        }
    }

    /// <summary>Takes one extra request out of the budget; false when it is used up.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }

    /// <summary>Puts back what was not used.</summary>
    public void Return()
    {
        lock (_lock)
        {
            _tokens++;
        }
    }
}
