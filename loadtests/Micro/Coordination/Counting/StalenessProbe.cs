using S3Proxy.Reporting;

namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>Reads the totals every few milliseconds and compares them with how far the writers have come. One thread.</summary>
internal sealed class StalenessProbe(TimeProvider time)
{
    private const int MaxReads = 4096;

    private readonly List<(long At, long Done)> _history = new(MaxReads);
    private readonly List<double> _milliseconds = new(MaxReads);
    private readonly List<double> _steps = new(MaxReads);

    /// <summary>Compares one read.</summary>
    /// <param name="done">Steps that had been done before the read began.</param>
    /// <param name="visible">Steps that the read told.</param>
    public void Add(long done, long visible)
    {
        if (_history.Count == MaxReads)
        {
            return;
        }

        long now = time.GetTimestamp();
        _history.Add((now, done));
        _steps.Add(Math.Max(0, done - visible));
        _milliseconds.Add(visible >= done ? 0 : time.GetElapsedTime(WhenDone(visible), now).TotalMilliseconds);
    }

    public double MedianMilliseconds => Quantiles.Of(_milliseconds, 0.5);

    public double MaxMilliseconds => Quantiles.Of(_milliseconds, 1);

    public double MedianSteps => Quantiles.Of(_steps, 0.5);

    public double MaxSteps => Quantiles.Of(_steps, 1);

    /// <summary>When the writers had done what is visible now, interpolated between reads.</summary>
    private long WhenDone(long visible)
    {
        int after = _history.FindIndex(entry => entry.Done > visible);
        if (after <= 0)
        {
            return _history[0].At;
        }

        (long fromAt, long fromDone) = _history[after - 1];
        (long toAt, long toDone) = _history[after];
        return fromAt + (long)((toAt - fromAt) * ((visible - fromDone) / (double)(toDone - fromDone)));
    }
}
