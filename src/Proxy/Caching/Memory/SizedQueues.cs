using System.Numerics;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// First-in-first-out queues of entries by size, a class for each power of two from 1 KiB, and what a use of an entry is worth by its class: less, the more others would fit in its place. Not thread-safe.
/// </summary>
/// <remarks>
/// The queues share a clock, which moves on to the rank of what leaves, as the inflation of GreedyDual-Size does (Cao and Irani, USITS 1997). What stays while others leave loses rank by that, so that nothing
/// keeps its place for ever because it is small and was popular once.
/// </remarks>
internal sealed class SizedQueues
{
    /// <summary>How far the clock may pass an entry that must not leave: a quarter of a stamp's range, so that its rank stays the least.</summary>
    public const int MostBehind = short.MaxValue / 2;

    private const int Classes = 7;
    private const int LargestOfFirst = 1024;

    private readonly EntryQueue[] _queues;
    private readonly byte _first;
    private ushort _clock;

    /// <param name="first">Number of the first queue; the others follow.</param>
    public SizedQueues(byte first)
    {
        _first = first;
        _queues = [.. Enumerable.Range(first, Classes).Select(static number => new EntryQueue((byte)number))];
    }

    /// <summary>One for each class, the smallest entries first.</summary>
    public ReadOnlySpan<EntryQueue> All => _queues;

    public long Bytes { get; private set; }

    public int Count { get; private set; }

    /// <summary>
    /// A use of an entry, of which one of the smallest is 64: by the third root of the class's size. Steeper, or with classes above, fewer bytes hit (docs/decisions/0017). What
    /// <see cref="FrequencySketch.Most"/> uses are worth is far less than half of a stamp's range, and the clock never passes the rank of a queue's oldest by more than <see cref="MostBehind"/>, so stamps may wrap.
    /// </summary>
    private static ReadOnlySpan<byte> Worths => [64, 51, 40, 32, 25, 20, 16];

    /// <summary>What so many uses of an entry are worth against those of others. Entries of one class compare as their uses do.</summary>
    public static int WorthOf(CacheEntry entry, int uses) => uses * Worths[ClassOf(entry.Bytes)];

    /// <summary>What an entry that stands here is worth, less what the clock has moved since it came here. The least leaves first.</summary>
    public int RankOf(CacheEntry entry, int uses) => (short)(entry.Stamp - _clock) + WorthOf(entry, uses);

    /// <summary>Takes out an entry in favour of others, and moves the clock on.</summary>
    /// <param name="entry">Stands here.</param>
    /// <param name="advance">How far; not beyond the rank of the oldest of any queue, nor further than <see cref="MostBehind"/> past that of one that is awaited.</param>
    public void Evict(CacheEntry entry, int advance)
    {
        _clock += (ushort)Math.Max(0, advance);
        Remove(entry);
    }

    public void Enqueue(CacheEntry entry)
    {
        entry.Stamp = _clock;
        _queues[ClassOf(entry.Bytes)].Enqueue(entry);
        Bytes += entry.Bytes;
        Count++;
    }

    /// <summary>Whether the entry stands here.</summary>
    public bool Holds(CacheEntry entry) => entry.Queue >= _first && entry.Queue < _first + Classes;

    /// <summary>Takes out an entry that stands here.</summary>
    public void Remove(CacheEntry entry)
    {
        _queues[entry.Queue - _first].Remove(entry);
        Bytes -= entry.Bytes;
        Count--;
    }

    /// <summary>Tells that an entry that stands here has become larger, or smaller. One that is of another class then is the newest of that.</summary>
    public void Resize(CacheEntry entry, int bytes)
    {
        if (ClassOf(entry.Bytes) == ClassOf(bytes))
        {
            Bytes += bytes - entry.Bytes;
            _queues[entry.Queue - _first].Resize(entry, bytes);
            return;
        }

        Remove(entry);
        entry.Bytes = bytes;
        Enqueue(entry);
    }

    /// <summary>The first to 1 KiB, then one for each doubling; all of more than 32 KiB are of the last.</summary>
    private static int ClassOf(int bytes) => Math.Min(BitOperations.Log2((uint)Math.Max(bytes - 1, LargestOfFirst - 1)) - BitOperations.Log2(LargestOfFirst - 1), Classes - 1);
}
