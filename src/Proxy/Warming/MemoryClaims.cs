namespace S3Proxy.Warming;

/// <summary>The bytes that the loads of one job claim of the memory and of the job's limit before they ask for anything, so that those that run at once do not fill it together.</summary>
/// <remarks>Thread-safe. <c>_lock</c> protects all fields; nothing is called while it is held.</remarks>
/// <param name="memoryBytes">The memory's budget.</param>
/// <param name="maxBytes">The job's own limit; null for none.</param>
internal sealed class MemoryClaims(long memoryBytes, long? maxBytes)
{
    /// <summary>Of the memory's budget, what a job may fill: the rest is for what clients read meanwhile.</summary>
    private const double MemoryShare = 0.9;

    private readonly Lock _lock = new();
    private readonly long _memoryShareBytes = (long)(memoryBytes * MemoryShare);
    private TaskCompletionSource _settled = NewSignal();
    private long _claimedBytes;
    private int _begun;

    /// <summary>Bytes claimed now.</summary>
    public long ClaimedBytes
    {
        get
        {
            lock (_lock)
            {
                return _claimedBytes;
            }
        }
    }

    /// <summary>
    /// Begins a load with a claim for all of the object. Where that is too much, waits for loads that run to give back what they did not need, and ends when none runs. Says why it is too much; null
    /// when the load has begun, and must be settled.
    /// </summary>
    /// <param name="sizeBytes">The object's size, 0 where it is not known yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<string?> BeginAsync(long sizeBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task settled;
            lock (_lock)
            {
                string? limit = ClaimUnderLock(sizeBytes, 0);
                if (limit is null)
                {
                    _begun++;
                    return null;
                }

                if (_begun == 0)
                {
                    return limit;
                }

                settled = _settled.Task;
            }

            await settled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Claims what an object has more than was claimed for it, or gives back what it has less. Says why it is too much; null when it is not.</summary>
    /// <param name="sizeBytes">The object's size.</param>
    /// <param name="claimedBytes">What is claimed for it.</param>
    public string? Claim(long sizeBytes, long claimedBytes)
    {
        lock (_lock)
        {
            return ClaimUnderLock(sizeBytes, claimedBytes);
        }
    }

    /// <summary>Ends a load that has begun, and gives back what it claimed and did not fill.</summary>
    public void Settle(long unusedBytes)
    {
        TaskCompletionSource settled;
        lock (_lock)
        {
            _claimedBytes -= unusedBytes;
            _begun--;
            settled = _settled;
            _settled = NewSignal();
        }

        settled.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string? ClaimUnderLock(long sizeBytes, long claimedBytes)
    {
        // What a listing says may be anything: sums could overflow, these differences cannot.
        long more = sizeBytes - claimedBytes;
        if (more > 0 && maxBytes is { } max && more > max - _claimedBytes)
        {
            return $"The limit of {max} bytes is reached: the next object has {sizeBytes}.";
        }

        if (more > 0 && more > _memoryShareBytes - _claimedBytes)
        {
            return $"The memory is full: of its {memoryBytes} bytes a warm-up fills {MemoryShare:P0}, and the next object has {sizeBytes}. Load less, or raise cache.memory.size.";
        }

        _claimedBytes += more;
        return null;
    }
}
