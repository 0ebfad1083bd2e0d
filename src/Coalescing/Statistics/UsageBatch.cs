namespace S3Proxy.Coalescing.Statistics;

/// <summary>
/// A bounded run of records. Exactly one party owns a batch at any time: the thread that writes, the cell it lies in, the queue of full ones, or
/// the merge. Ownership moves by atomic exchange, so a batch needs no lock of its own and no record is seen twice or by nobody.
/// </summary>
internal sealed class UsageBatch<TKey, TTenant>(int capacity)
{
    private readonly UsageRecord<TKey, TTenant>[] _records = new UsageRecord<TKey, TTenant>[capacity];
    private int _count;

    public bool IsEmpty => _count == 0;

    public bool IsFull => _count == _records.Length;

    public ReadOnlySpan<UsageRecord<TKey, TTenant>> Records => _records.AsSpan(0, _count);

    /// <summary>Notes a request. Only the owner of a batch that is not full may.</summary>
    public void Append(TKey key, TTenant tenant, long bytes, UsageSaving saving) => _records[_count++] = new(key, tenant, bytes, saving);

    /// <summary>Forgets the records, and with them the keys they keep alive.</summary>
    public void Clear()
    {
        _records.AsSpan(0, _count).Clear();
        _count = 0;
    }
}
