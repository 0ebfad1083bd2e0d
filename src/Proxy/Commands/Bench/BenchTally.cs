namespace S3Proxy.Commands.Bench;

/// <summary>What reads came to. Not thread-safe: each reader has its own, and they are added up at the end.</summary>
internal sealed class BenchTally
{
    /// <summary>Kinds of failures told apart; a server may answer anything.</summary>
    private const int MaxKinds = 50;

    public long Succeeded { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Body bytes of all reads, whole or not.</summary>
    public long Bytes { get; private set; }

    /// <summary>To the headers of good answers.</summary>
    public LatencyHistogram FirstByte { get; } = new();

    /// <summary>To the end of good answers.</summary>
    public LatencyHistogram Whole { get; } = new();

    /// <summary>Good answers by <c>x-cache</c>; <c>-</c> for those that have none.</summary>
    public SortedDictionary<string, long> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>Failures by what went wrong.</summary>
    public SortedDictionary<string, long> Failures { get; } = new(StringComparer.Ordinal);

    public void AddBytes(long bytes) => Bytes += bytes;

    public void Succeed(TimeSpan firstByte, TimeSpan whole, string outcome)
    {
        Succeeded++;
        FirstByte.Add(firstByte);
        Whole.Add(whole);
        Count(Outcomes, outcome, 1);
    }

    public void Fail(string reason)
    {
        Failed++;
        Count(Failures, reason, 1);
    }

    public void Add(BenchTally other)
    {
        Succeeded += other.Succeeded;
        Failed += other.Failed;
        Bytes += other.Bytes;
        FirstByte.Add(other.FirstByte);
        Whole.Add(other.Whole);
        foreach ((string name, long count) in other.Outcomes)
        {
            Count(Outcomes, name, count);
        }

        foreach ((string name, long count) in other.Failures)
        {
            Count(Failures, name, count);
        }
    }

    private static void Count(SortedDictionary<string, long> counts, string name, long count)
    {
        string kind = counts.Count < MaxKinds || counts.ContainsKey(name) ? name : "other";
        counts[kind] = counts.GetValueOrDefault(kind) + count;
    }
}
