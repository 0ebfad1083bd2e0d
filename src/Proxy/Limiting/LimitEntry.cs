using S3Proxy.Configuration;

namespace S3Proxy.Limiting;

/// <summary>What one client has had: a bucket of tokens, one a request, which fills at the configured rate, and the requests that run.</summary>
/// <param name="shard">The lock of its part of the table, which protects everything here.</param>
internal sealed class LimitEntry(Lock shard)
{
    private double _tokens = double.MaxValue;
    private long _filledAt;
    private int _running;

    /// <summary>True while a request of this client runs; then it is not forgotten. Asked for under the lock.</summary>
    public bool IsBusy => _running > 0;

    /// <summary>Takes a place and a token, or tells what is missing. Called under the lock. The bounds may be others each time.</summary>
    public LimitVerdict TryEnter(LimitConfiguration limit, TimeProvider timeProvider)
    {
        if (limit.Concurrent > 0 && _running >= limit.Concurrent)
        {
            return new LimitVerdict(null, LimitKind.Concurrency, TimeSpan.FromSeconds(1));
        }

        if (limit.RequestsPerSecond > 0)
        {
            long now = timeProvider.GetTimestamp();
            double filled = _tokens == double.MaxValue ? limit.Burst : _tokens + (timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds * limit.RequestsPerSecond);
            _tokens = Math.Min(limit.Burst, filled);
            _filledAt = now;
            if (_tokens < 1)
            {
                return new LimitVerdict(null, LimitKind.Rate, TimeSpan.FromSeconds((1 - _tokens) / limit.RequestsPerSecond));
            }

            _tokens--;
        }

        _running++;
        return new LimitVerdict(this, default, default);
    }

    /// <summary>A request that was let in has ended. Thread-safe; once a request.</summary>
    public void Leave()
    {
        lock (shard)
        {
            _running--;
        }
    }
}
