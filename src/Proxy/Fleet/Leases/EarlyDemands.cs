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

    private readonly ConcurrentDictionary<(string Run, string Follower, int Index), bool> _demands = new();

    /// <summary>Demands that wait.</summary>
    public int Count => _demands.Count;

    /// <summary>Keeps a demand; false when too many are kept. A follower may demand several slices: each of its own runs goes its own way.</summary>
    public bool TryKeep(string run, string follower, int index)
    {
        if (_demands.Count >= MaxDemands)
        {
            return false;
        }

        _demands[(run, follower, index)] = true;
        return true;
    }

    /// <summary>Takes those that wait for a run.</summary>
    public IReadOnlyList<(string Follower, int Index)> Take(string run)
    {
        List<(string Follower, int Index)> taken = [];
        foreach ((string Run, string Follower, int Index) key in _demands.Keys)
        {
            if (key.Run == run && _demands.TryRemove(key, out _))
            {
                taken.Add((key.Follower, key.Index));
            }
        }

        return taken;
    }

    /// <summary>The follower has left: a run must not be kept going for it.</summary>
    public void Drop(string run, string follower)
    {
        foreach ((string Run, string Follower, int Index) key in _demands.Keys)
        {
            if (key.Run == run && key.Follower == follower)
            {
                _demands.TryRemove(key, out _);
            }
        }
    }

    /// <summary>Waits for the limit; true when the demand is still there then, and takes it.</summary>
    public async Task<bool> IsInVainAsync(string run, string follower, int index)
    {
        await Task.Delay(Limit, timeProvider);
        return _demands.TryRemove((run, follower, index), out _);
    }
}
