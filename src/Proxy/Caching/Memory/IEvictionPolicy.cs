namespace S3Proxy.Caching.Memory;

/// <summary>
/// Decides what leaves the memory tier (requirement C1). Called under the tier's lock only; hits are told through
/// <see cref="CacheEntry.Touch"/> without it.
/// </summary>
internal interface IEvictionPolicy
{
    /// <summary>Entries the policy holds.</summary>
    int Count { get; }

    /// <summary>Takes a new entry in.</summary>
    void Add(CacheEntry entry);

    /// <summary>Forgets an entry that left for another reason. Does nothing for one it does not hold.</summary>
    void Remove(CacheEntry entry);

    /// <summary>Sets <see cref="CacheEntry.Bytes"/> of an entry it holds.</summary>
    void Resize(CacheEntry entry, int bytes);

    /// <summary>Chooses and forgets the entry to leave next; null when there is none.</summary>
    CacheEntry? Evict();
}
