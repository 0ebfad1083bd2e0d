using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.ModelTests.Checking;

/// <summary>Counts the flights of each slice: one at most may be active, and nobody may join when there is none. Thread-safe.</summary>
internal sealed class SliceFlightCheck(ViolationLog violations) : FlightObserver<SliceKey>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SliceKey, int> _active = [];

    /// <summary>False where another thread may make a successor between a flight's end and the news of it.</summary>
    public bool IsExact { get; init; } = true;

    public override void OnCreated(SliceKey key)
    {
        lock (_lock)
        {
            int active = _active[key] = _active.GetValueOrDefault(key) + 1;
            if (active > 1 && IsExact)
            {
                violations.Add(Invariant.SingleFetch, $"{active} flights fill slice {key.Index} of {key.Version}.");
            }
        }
    }

    public override void OnJoined(SliceKey key, int participants)
    {
        lock (_lock)
        {
            if (_active.GetValueOrDefault(key) == 0 && IsExact)
            {
                violations.Add(Invariant.NoJoinOfEnded, $"Somebody joined an ended flight for slice {key.Index} of {key.Version}.");
            }
        }
    }

    public override void OnEnded(SliceKey key, FlightState state)
    {
        lock (_lock)
        {
            int active = _active[key] - 1;
            if (active == 0)
            {
                _active.Remove(key);
            }
            else
            {
                _active[key] = active;
            }
        }
    }
}
