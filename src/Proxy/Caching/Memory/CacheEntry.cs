namespace S3Proxy.Caching.Memory;

/// <summary>
/// What the eviction policy sees of a cached thing. The policy owns the links and the queue under the tier's lock; <see cref="Frequency"/> is
/// written without it, and a lost update only makes an entry look a little colder.
/// </summary>
internal abstract class CacheEntry(int hash, int bytes)
{
    private const int MaxFrequency = 3;
    private byte _frequency;

    /// <summary>Hash of the key, for the sketch of frequencies.</summary>
    public int Hash { get; } = hash;

    /// <summary>Bytes the entry holds of the budget. Changed by <see cref="IEvictionPolicy.Resize"/> only.</summary>
    public int Bytes { get; set; } = bytes;

    /// <summary>Hits since the entry was last considered, capped.</summary>
    public int Frequency
    {
        get => Volatile.Read(ref _frequency);
        set => Volatile.Write(ref _frequency, (byte)value);
    }

    /// <summary>
    /// True while somebody is known to be about to ask for the entry. The policy evicts others first, within a bound. Called under the tier's lock.
    /// </summary>
    public virtual bool IsAwaited => false;

    /// <summary>The bucket of the object it belongs to.</summary>
    public abstract BucketId Place { get; }

    public CacheEntry? Newer { get; set; }

    public CacheEntry? Older { get; set; }

    /// <summary>Number of the queue the entry stands in; <see cref="EntryQueue.None"/> before and after.</summary>
    public byte Queue { get; set; }

    /// <summary>What <see cref="SizedQueues"/> count by when the entry came to stand in one of them. Takes room that alignment leaves.</summary>
    public ushort Stamp { get; set; }

    /// <summary>Number of the <see cref="BucketShare"/> that counts it; <see cref="BucketShare.None"/> in a bucket without a quota. Takes room that alignment leaves.</summary>
    public int Share { get; set; }

    /// <summary>Counts a hit. Any thread. Writes nothing once the count is at its cap: processors that read the same hot entry then share its cache line.</summary>
    public void Touch()
    {
        byte frequency = Volatile.Read(ref _frequency);
        if (frequency < MaxFrequency)
        {
            Volatile.Write(ref _frequency, (byte)(frequency + 1));
        }
    }
}
