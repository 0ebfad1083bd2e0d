using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Fetching;

/// <summary>
/// What holds of something for a while. Bounded: when it is full, what is over is swept, and a mark that still finds no room is not made. Losing a mark
/// costs a request, never a wrong answer.
/// </summary>
/// <remarks>Thread-safe; looking takes no lock. An unused table allocates nothing.</remarks>
internal sealed class ExpiringMarks<TKey, TValue>(TimeProvider timeProvider, int capacity = ExpiringMarks<TKey, TValue>.DefaultCapacity)
    where TKey : notnull
{
    private const int DefaultCapacity = 16_384;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private ConcurrentDictionary<TKey, Mark>? _marks;
    private int _count;
    private long _dropped;
    private long _sweptAt = long.MinValue;

    /// <summary>Marks held, those that are over and not swept yet included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Marks that were not made for want of room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Marks <paramref name="key"/> for <paramref name="time"/>; zero makes no mark. A mark it has already is replaced.</summary>
    public void Set(TKey key, TValue value, TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
        {
            return;
        }

        ConcurrentDictionary<TKey, Mark> marks = LazyInitializer.EnsureInitialized(ref _marks, static () => new ConcurrentDictionary<TKey, Mark>());
        long now = timeProvider.GetTimestamp();
        SweepSometimes(marks, now);
        Mark mark = new(value, now + (long)(time.TotalSeconds * timeProvider.TimestampFrequency));
        while (true)
        {
            if (marks.TryGetValue(key, out Mark? known))
            {
                if (marks.TryUpdate(key, mark, known))
                {
                    return;
                }
            }
            else if (!TryCount())
            {
                return;
            }
            else if (marks.TryAdd(key, mark))
            {
                return;
            }
            else
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    /// <summary>The mark of <paramref name="key"/>; false when it has none, or none any more.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (Volatile.Read(ref _marks) is not { } marks || !marks.TryGetValue(key, out Mark? mark))
        {
            return false;
        }

        if (mark.Until <= timeProvider.GetTimestamp())
        {
            Remove(marks, key, mark);
            return false;
        }

        value = mark.Value;
        return true;
    }

    /// <summary>Takes the mark off <paramref name="key"/>.</summary>
    public void Remove(TKey key)
    {
        if (Volatile.Read(ref _marks) is { } marks && marks.TryGetValue(key, out Mark? mark))
        {
            Remove(marks, key, mark);
        }
    }

    private void Remove(ConcurrentDictionary<TKey, Mark> marks, TKey key, Mark mark)
    {
        if (marks.TryRemove(new KeyValuePair<TKey, Mark>(key, mark)))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private bool TryCount()
    {
        if (Interlocked.Increment(ref _count) <= capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Removes what is over, at most once in a while, so that a full table costs its users no walk each.</summary>
    private void SweepSometimes(ConcurrentDictionary<TKey, Mark> marks, long now)
    {
        long last = Interlocked.Read(ref _sweptAt);
        if ((last != long.MinValue && timeProvider.GetElapsedTime(last, now) < SweepInterval) || Interlocked.CompareExchange(ref _sweptAt, now, last) != last)
        {
            return;
        }

        foreach ((TKey key, Mark mark) in marks)
        {
            if (mark.Until <= now)
            {
                Remove(marks, key, mark);
            }
        }
    }

    // A class, and compared by reference, so that removing and replacing concern this very mark.
    private sealed class Mark(TValue value, long until)
    {
        public TValue Value { get; } = value;

        public long Until { get; } = until;
    }
}
