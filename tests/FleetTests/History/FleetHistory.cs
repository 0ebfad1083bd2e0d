using System.Collections.Concurrent;

namespace S3Proxy.FleetTests.History;

/// <summary>
/// What clients did and saw, and whether it may have happened to a store that is one. The check is exact: every read is compared with the writes of its key that had
/// succeeded before it began, by the one clock of this process. Recording is thread-safe; the checks are for afterwards.
/// </summary>
internal sealed class FleetHistory
{
    private readonly ConcurrentQueue<WriteEvent> _writes = new();
    private readonly ConcurrentQueue<ReadEvent> _reads = new();

    public int Reads => _reads.Count;

    public int Writes => _writes.Count;

    public void Add(WriteEvent write) => _writes.Enqueue(write);

    public void Add(ReadEvent read) => _reads.Enqueue(read);

    /// <summary>Every read that breaks a promise, in words; empty when none does.</summary>
    public IReadOnlyList<string> FindViolations()
    {
        ILookup<string, WriteEvent> writes = _writes.ToLookup(write => write.Key, StringComparer.Ordinal);
        List<string> violations = [];
        foreach (IGrouping<string, ReadEvent> reads in _reads.GroupBy(read => read.Key, StringComparer.Ordinal))
        {
            CheckAgainstWrites(reads, [.. writes[reads.Key]], violations);
            foreach (IGrouping<int, ReadEvent> own in reads.GroupBy(read => read.Client))
            {
                CheckOrder(own, "the same client", violations);
            }
        }

        return violations;
    }

    /// <summary>
    /// Reads that began after another client's read had ended with a newer version. During a write the product promises nothing about two clients that do not write;
    /// how often it happens is reported.
    /// </summary>
    public IReadOnlyList<string> FindInversionsBetweenClients()
    {
        List<string> inversions = [];
        foreach (IGrouping<string, ReadEvent> reads in _reads.GroupBy(read => read.Key, StringComparer.Ordinal))
        {
            CheckOrder(reads, "another client", inversions);
        }

        return inversions;
    }

    /// <summary>No read is older than the newest write that had succeeded when it began, nor of a write that began after its end.</summary>
    private static void CheckAgainstWrites(IEnumerable<ReadEvent> reads, WriteEvent[] writes, List<string> violations)
    {
        Dictionary<long, WriteEvent> byVersion = writes.ToDictionary(write => write.Version);
        Queue<WriteEvent> succeeded = new(writes.Where(write => write.Succeeded is not null).OrderBy(write => write.Succeeded));
        WriteEvent? floor = null;
        foreach (ReadEvent read in reads.OrderBy(read => read.Started))
        {
            while (succeeded.TryPeek(out WriteEvent? next) && next.Succeeded < read.Started)
            {
                succeeded.Dequeue();
                floor = floor is null || next.Version > floor.Version ? next : floor;
            }

            if (floor is not null && read.Version < floor.Version)
            {
                violations.Add($"{read} began after the success of {floor}.");
            }

            if (!byVersion.TryGetValue(read.Version, out WriteEvent? source))
            {
                violations.Add($"{read} is of a version that nobody wrote.");
            }
            else if (source.Started > read.Ended)
            {
                violations.Add($"{read} ended before {source} began.");
            }
        }
    }

    /// <summary>No read that began after another's end is older than it.</summary>
    private static void CheckOrder(IEnumerable<ReadEvent> reads, string whose, List<string> violations)
    {
        ReadEvent[] byStart = [.. reads.OrderBy(read => read.Started)];
        Queue<ReadEvent> ended = new(byStart.OrderBy(read => read.Ended));
        ReadEvent? newest = null;
        foreach (ReadEvent read in byStart)
        {
            while (ended.TryPeek(out ReadEvent? next) && next.Ended < read.Started)
            {
                ended.Dequeue();
                newest = newest is null || next.Version > newest.Version ? next : newest;
            }

            if (newest is not null && read.Version < newest.Version)
            {
                violations.Add($"{read} began after {whose} had seen {newest}.");
            }
        }
    }
}
