namespace S3Proxy.Fetching;

/// <summary>Bounds the background refreshes of a replica and counts how they ended. Thread-safe.</summary>
internal sealed class RefreshSlots
{
    private readonly long[] _counts = new long[Enum.GetValues<RefreshResult>().Length];
    private int _active;

    /// <summary>Refreshes under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>How many ended so, since the start.</summary>
    public long CountOf(RefreshResult result) => Interlocked.Read(ref _counts[(int)result]);

    /// <summary>Takes a slot; false, and counted as dropped, when <paramref name="most"/> are taken.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _active) <= most)
        {
            return true;
        }

        Leave(RefreshResult.Dropped);
        return false;
    }

    /// <summary>Gives a slot back.</summary>
    public void Leave(RefreshResult result)
    {
        Interlocked.Increment(ref _counts[(int)result]);
        Interlocked.Decrement(ref _active);
    }
}
