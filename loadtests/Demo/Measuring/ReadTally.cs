namespace S3Proxy.Demo.Measuring;

/// <summary>Gathers the outcomes of many reads at once. Thread-safe; the lock protects every field.</summary>
internal sealed class ReadTally
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _firstBytes = [];
    private readonly Dictionary<string, int> _byCache = new(StringComparer.Ordinal);
    private string? _firstFailure;
    private long _bytes;
    private int _failed;
    private int _wrong;

    public void Add(in ReadOutcome outcome)
    {
        lock (_lock)
        {
            _firstBytes.Add(outcome.FirstByte);
            _bytes += outcome.Bytes;
            _byCache[outcome.Cache] = _byCache.GetValueOrDefault(outcome.Cache) + 1;
            _wrong += outcome.IsWrong ? 1 : 0;
            _failed += outcome.Failure is null ? 0 : 1;
            _firstFailure ??= outcome.Failure;
        }
    }

    public ReadSummary Summarize()
    {
        lock (_lock)
        {
            TimeSpan[] sorted = [.. _firstBytes.Order()];
            return new ReadSummary
            {
                Reads = sorted.Length,
                Bytes = _bytes,
                FirstByteP50 = Quantile(sorted, 0.50),
                FirstByteP99 = Quantile(sorted, 0.99),
                Hits = _byCache.GetValueOrDefault("HIT"),
                Coalesced = _byCache.GetValueOrDefault("COALESCED"),
                Misses = _byCache.GetValueOrDefault("MISS"),
                Wrong = _wrong,
                Failed = _failed,
                FirstFailure = _firstFailure,
            };
        }
    }

    /// <summary>The nearest rank: the smallest value that at least this share of all values does not exceed.</summary>
    private static TimeSpan Quantile(TimeSpan[] sorted, double share) =>
        sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
