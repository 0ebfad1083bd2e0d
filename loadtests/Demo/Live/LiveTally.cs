using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Demo.Live;

/// <summary>What the reads of a load without an end have come to so far. Takes no more memory however long it runs. Thread-safe.</summary>
internal sealed class LiveTally
{
    private long _bytes;
    private long _failed;
    private long _hits;
    private long _joined;
    private long _reads;
    private long _wrong;
    private volatile string? _firstFailure;

    /// <summary>True as long as every read gave a whole answer with right bytes.</summary>
    public bool IsGood => Volatile.Read(ref _failed) == 0;

    /// <summary>Reads that are over.</summary>
    public long Reads => Volatile.Read(ref _reads);

    /// <summary>What the first failed read met; null when none failed.</summary>
    public string? FirstFailure => _firstFailure;

    public void Add(in ReadOutcome outcome)
    {
        Interlocked.Increment(ref _reads);
        Interlocked.Add(ref _bytes, outcome.Bytes);
        switch (outcome.Cache)
        {
            case "HIT" or "STALE" or "REVALIDATED":
                Interlocked.Increment(ref _hits);
                break;
            case "COALESCED":
                Interlocked.Increment(ref _joined);
                break;
        }

        if (outcome.Failure is { } failure)
        {
            Interlocked.CompareExchange(ref _firstFailure, failure, null);
            Interlocked.Increment(ref _failed);
        }

        if (outcome.IsWrong)
        {
            Interlocked.Increment(ref _wrong);
        }
    }

    /// <summary>The state in one line, for people.</summary>
    public string Describe(TimeSpan elapsed, OriginTraffic traffic) => string.Create(
        CultureInfo.InvariantCulture,
        $"{elapsed:hh\\:mm\\:ss}  {Reads:N0} reads, {Share(_hits)} cached, {_joined:N0} joined a fetch; {traffic.GetCount:N0} origin GETs; "
        + $"{ByteSize.Format(_bytes)} served, {ByteSize.Format(traffic.BodyBytesSent)} fetched; {_wrong:N0} wrong, {_failed:N0} failed");

    private string Share(long part) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / Math.Max(1, Reads):0} %");
}
