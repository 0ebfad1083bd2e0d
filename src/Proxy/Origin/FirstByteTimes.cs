namespace S3Proxy.Origin;

/// <summary>
/// How long an origin takes to its headers, of late: a histogram with places a fifth apart, halved again and again so that the past fades. Tells a percentile to within that
/// fifth. Thread-safe.
/// </summary>
internal sealed class FirstByteTimes
{
    private const double Ratio = 1.2;
    private const int PlaceCount = 80;
    private const int HalveAfter = 2000;
    private const int FewestSamples = 100;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(0.1);

    private readonly Lock _lock = new();
    private readonly int[] _places = new int[PlaceCount];
    private int _count;

    /// <summary>Takes one time in.</summary>
    public void Record(TimeSpan time)
    {
        int place = time <= Least ? 0 : Math.Min(PlaceCount - 1, (int)Math.Ceiling(Math.Log(time / Least, Ratio)));
        lock (_lock)
        {
            _places[place]++;
            if (++_count < HalveAfter)
            {
                return;
            }

            _count = 0;
            for (int i = 0; i < PlaceCount; i++)
            {
                _places[i] /= 2;
                _count += _places[i];
            }
        }
    }

    /// <summary>The time that <paramref name="share"/> of the requests did not exceed; null while there are too few samples to say.</summary>
    public TimeSpan? Percentile(double share)
    {
        lock (_lock)
        {
            if (_count < FewestSamples)
            {
                return null;
            }

            int left = (int)Math.Ceiling(_count * share);
            for (int i = 0; i < PlaceCount; i++)
            {
                left -= _places[i];
                if (left <= 0)
                {
                    return Least * Math.Pow(Ratio, i);
                }
            }

            return Least * Math.Pow(Ratio, PlaceCount);
        }
    }
}
