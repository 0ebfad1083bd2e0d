using System.Collections.Concurrent;
using System.Numerics;

namespace S3Proxy.Coalescing.Statistics;

/// <summary>
/// Counts requests and bytes by tenant and finds the hottest keys, at the price of two atomic exchanges a request (requirement K2). Requests are
/// noted in a batch of the processor they run on; full batches are merged on the thread pool.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. Noting a request takes no lock, allocates nothing once the batches exist, and waits for nobody: a thread takes the batch out of its
/// processor's cell, appends, and puts it back; a thread that finds the cell empty because another was interrupted in between takes a fresh batch.
/// The one exception bounds memory: when <see cref="UsageStatisticsOptions.MaxPendingBatches"/> full batches wait, the thread that fills another
/// helps to merge. Measured in docs/decisions/0011-coordination.md.
/// </para>
/// <para><c>_merging</c> protects the totals, the summary and the ageing; it is never held by a request that is being noted otherwise.</para>
/// </remarks>
/// <typeparam name="TKey">What is asked for; compared by value, by the merge and not by the request.</typeparam>
/// <typeparam name="TTenant">On whose account; compared by value.</typeparam>
public sealed class UsageStatistics<TKey, TTenant> : IThreadPoolWorkItem
    where TKey : notnull
    where TTenant : notnull
{
    /// <summary>Cells stand two cache lines apart: neighbours would slow each other down, prefetching included.</summary>
    private const int CellStride = 16;

    private readonly UsageStatisticsOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly UsageBatch<TKey, TTenant>?[] _cells;
    private readonly int _cellMask;
    private readonly ConcurrentQueue<UsageBatch<TKey, TTenant>> _pending = new();
    private readonly ConcurrentQueue<UsageBatch<TKey, TTenant>> _free = new();
    private readonly Lock _merging = new();
    private readonly UsageTable<TTenant> _tenants;
    private readonly HeavyHitters<TKey> _keys;
    private long _agedAt;
    private int _pendingBatches;
    private int _mergeQueued;

    /// <summary>Starts to count.</summary>
    /// <param name="options">Bounds.</param>
    /// <param name="timeProvider">Tells how hotness ages.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not in its range.</exception>
    public UsageStatistics(UsageStatisticsOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.HotnessHalfLife, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRecords, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPendingBatches, 1, nameof(options));
        _options = options;
        _timeProvider = timeProvider;
        _tenants = new UsageTable<TTenant>(options.MaxTenants);
        _keys = new HeavyHitters<TKey>(options.MaxTrackedKeys);
        int cells = (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);
        _cellMask = cells - 1;
        _cells = new UsageBatch<TKey, TTenant>?[(cells + 1) * CellStride];
        _agedAt = timeProvider.GetTimestamp();
    }

    /// <summary>
    /// Notes a request. A later <see cref="Read"/> tells it, unless another thread is just adding to the same batch: then the read after. Once all
    /// calls have returned, a read is exact.
    /// </summary>
    /// <param name="key">What was asked for.</param>
    /// <param name="tenant">On whose account.</param>
    /// <param name="bytes">Body bytes sent.</param>
    /// <param name="saving">What it did not cost.</param>
    public void Record(TKey key, TTenant tenant, long bytes, UsageSaving saving = UsageSaving.None)
    {
        ref UsageBatch<TKey, TTenant>? cell = ref _cells[((Thread.GetCurrentProcessorId() & _cellMask) + 1) * CellStride];
        UsageBatch<TKey, TTenant> batch = Interlocked.Exchange(ref cell, null) ?? TakeFree();
        batch.Append(key, tenant, bytes, saving);
        if (batch.IsFull)
        {
            HandIn(batch);
        }
        else if (Interlocked.Exchange(ref cell, batch) is { } displaced)
        {
            // Another thread came by while this one had the batch in its hands.
            HandIn(displaced);
        }
    }

    /// <summary>What was counted up to now; merges first what lies about.</summary>
    /// <param name="maxHotKeys">How many of the hottest keys to tell.</param>
    public UsageSnapshot<TKey, TTenant> Read(int maxHotKeys)
    {
        lock (_merging)
        {
            MergePending(int.MaxValue);
            for (int cell = CellStride; cell < _cells.Length; cell += CellStride)
            {
                if (Interlocked.Exchange(ref _cells[cell], null) is { } batch)
                {
                    Merge(batch);
                }
            }

            Age();
            return new UsageSnapshot<TKey, TTenant>
            {
                Total = _tenants.Total,
                Tenants = new Dictionary<TTenant, Usage>(_tenants.Entries),
                OtherTenants = _tenants.Other,
                HotKeys = _keys.Top(maxHotKeys),
            };
        }
    }

    /// <summary>The background merge; for the thread pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        // First, so that a batch handed in while this runs queues the next merge.
        Interlocked.Exchange(ref _mergeQueued, 0);
        lock (_merging)
        {
            MergePending(int.MaxValue);
        }
    }

    private UsageBatch<TKey, TTenant> TakeFree() =>
        _free.TryDequeue(out UsageBatch<TKey, TTenant>? batch) ? batch : new UsageBatch<TKey, TTenant>(_options.BatchRecords);

    private void HandIn(UsageBatch<TKey, TTenant> batch)
    {
        _pending.Enqueue(batch);
        if (Interlocked.Increment(ref _pendingBatches) > _options.MaxPendingBatches)
        {
            lock (_merging)
            {
                // One for the own one and one to catch up: the wait stays short whoever else waits.
                MergePending(2);
            }
        }
        else if (Interlocked.Exchange(ref _mergeQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void MergePending(int maxBatches)
    {
        for (int merged = 0; merged < maxBatches && _pending.TryDequeue(out UsageBatch<TKey, TTenant>? batch); merged++)
        {
            Interlocked.Decrement(ref _pendingBatches);
            Merge(batch);
        }
    }

    private void Merge(UsageBatch<TKey, TTenant> batch)
    {
        Age();
        foreach (ref readonly UsageRecord<TKey, TTenant> record in batch.Records)
        {
            Usage usage = record.Usage;
            _tenants.Add(record.Tenant, usage);
            _keys.Add(record.Key, usage);
        }

        // No more batches exist than were in use at one time, so the free ones need no bound of their own.
        batch.Clear();
        _free.Enqueue(batch);
    }

    /// <summary>Lets hotness age in steps too small to matter for the order, so that the whole summary is not gone through for each batch.</summary>
    private void Age()
    {
        TimeSpan elapsed = _timeProvider.GetElapsedTime(_agedAt);
        double halfLives = elapsed / _options.HotnessHalfLife;
        if (halfLives >= 1.0 / 64)
        {
            _agedAt = _timeProvider.GetTimestamp();
            _keys.Age(Math.Max(Math.Pow(0.5, halfLives), double.Epsilon));
        }
    }
}
