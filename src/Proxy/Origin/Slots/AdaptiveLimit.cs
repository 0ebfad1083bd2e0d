namespace S3Proxy.Origin.Slots;

/// <summary>
/// How many transfers an origin takes: at most the configured bound, halved when the origin asks for less or does not answer, less by a tenth when its first bytes come
/// much later than they used to, and one more per round of answers while the limit is what holds requests back (requirement R1).
/// </summary>
/// <remarks>
/// Not thread-safe; its owner's lock protects it. Only the time to the headers counts, not that of the body, so that large objects do not look like load. One decrease a
/// round: answers to requests that were sent before a decrease say nothing about the time after it.
/// </remarks>
internal sealed class AdaptiveLimit(int max, int min, bool reactsToLatency, TimeProvider timeProvider)
{
    /// <summary>First bytes this many times later than the best of late mean that requests queue at the origin.</summary>
    private const double LatencyTolerance = 3;

    private const double ShortWeight = 0.1;
    private const double BestDrift = 1.001;

    private double _current = max;
    private double _recentSeconds;
    private double _bestSeconds = double.MaxValue;
    private long _lastDecrease = long.MinValue;
    private bool _wasBound;

    /// <summary>The limit now; between the two bounds.</summary>
    public int Current => (int)_current;

    /// <summary>A request found no slot: the limit is what holds it back.</summary>
    public void OnBound() => _wasBound = true;

    /// <summary>Takes in how one request fared, while <paramref name="inUse"/> slots were taken.</summary>
    public void Observe(OriginSignal signal, TimeSpan firstByte, int inUse)
    {
        if (signal == OriginSignal.Overloaded)
        {
            Decrease(0.5, TimeSpan.FromSeconds(1));
            return;
        }

        double seconds = Math.Max(firstByte.TotalSeconds, 0.000_1);
        _recentSeconds = _recentSeconds == 0 ? seconds : (_recentSeconds * (1 - ShortWeight)) + (seconds * ShortWeight);
        _bestSeconds = Math.Min(_bestSeconds * BestDrift, _recentSeconds);
        if (reactsToLatency && _recentSeconds > _bestSeconds * LatencyTolerance && inUse > min)
        {
            Decrease(0.9, firstByte);
        }
        else if (_wasBound || inUse >= Current)
        {
            _current = Math.Min(max, _current + (1 / _current));
            _wasBound = false;
        }
    }

    private void Decrease(double factor, TimeSpan round)
    {
        long now = timeProvider.GetTimestamp();
        if (_lastDecrease == long.MinValue || timeProvider.GetElapsedTime(_lastDecrease, now) >= round)
        {
            _current = Math.Max(min, _current * factor);
            _lastDecrease = now;
        }
    }
}
