using System.Collections.Concurrent;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// Demands for runs that this replica does not know yet: Redis may have told another replica of a lease before its answer reached the one that it was given to. Thread-safe; bounded.
/// </summary>
internal sealed class EarlyDemands(TimeProvider timeProvider)
{
    private const int MaxDemands = 4_096;

    /// <summary>How long the answer of Redis may take, with room: commands time out sooner.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Run, string Follower), int> _demands = new();

    /// <summary>Demands that wait.</summary>
    public int Count => _demands.Count;

    /// <summary>Keeps a demand; false when too many are kept.</summary>
    public bool TryKeep(string run, string follower, int index) => _demands.Count < MaxDemands && _demands.TryAdd((run, follower), index);

    /// <summary>Takes those that wait for a run.</summary>
    public IReadOnlyList<(string Follower, int Index)> Take(string run)
    {
        List<(string Follower, int Index)> taken = [];
        foreach ((string Run, string Follower) key in _demands.Keys)
        {
            if (key.Run == run && _demands.TryRemove(key, out int index))
            {
                taken.Add((key.Follower, index));
            }
        }

        return taken;
    }

    /// <summary>The follower has left: a run must not be kept going for it.</summary>
    public void Drop(string run, string follower) => _demands.TryRemove((run, follower), out _);

    /// <summary>Waits for the limit; true when the demand is still there then, and takes it.</summary>
    public async Task<bool> IsInVainAsync(string run, string follower)
    {
        await Task.Delay(Limit, timeProvider);
        return _demands.TryRemove((run, follower), out _);
    }
}
