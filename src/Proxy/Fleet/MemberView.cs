namespace S3Proxy.Fleet;

/// <summary>The members as the last renewals told, for those who hold leases in their names.</summary>
/// <remarks>Thread-safe; one lock, held briefly. Callers of <see cref="Update"/> come one at a time.</remarks>
internal sealed class MemberView
{
    /// <summary>Names that are asked for and that no renewal has told; beyond, they are forgotten and live a renewal longer.</summary>
    private const int MaxStrangers = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _strangers = [];
    private HashSet<string> _members = [];
    private long _version;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _members.Count;
            }
        }
    }

    /// <summary>
    /// False when renewals have told that the replica is no member. One that none of them can have told of yet may have joined a moment ago: it lives until a renewal that began
    /// after it was first asked for does not name it.
    /// </summary>
    public bool IsLive(string replica)
    {
        lock (_lock)
        {
            if (_members.Contains(replica))
            {
                return true;
            }

            if (_strangers.TryGetValue(replica, out long until))
            {
                return _version < until;
            }

            if (_strangers.Count >= MaxStrangers)
            {
                _strangers.Clear();
            }

            // The next renewal may have been answered already when this was asked; the one after it not.
            _strangers[replica] = _version + 2;
            return true;
        }
    }

    /// <summary>Takes in what a renewal told; gives those who are members no more.</summary>
    public IReadOnlyList<string> Update(IEnumerable<string> members)
    {
        HashSet<string> now = new(members, StringComparer.Ordinal);
        lock (_lock)
        {
            string[] lost = [.. _members.Where(name => !now.Contains(name))];
            _members = now;
            _version++;
            foreach (string name in now)
            {
                _strangers.Remove(name);
            }

            foreach (string name in lost)
            {
                _strangers[name] = _version;
            }

            return lost;
        }
    }
}
