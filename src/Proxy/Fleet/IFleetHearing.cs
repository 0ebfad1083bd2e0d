using S3Proxy.Caching;

namespace S3Proxy.Fleet;

/// <summary>Whether this replica can be sure to hear what the others change (decision 0015, "Hearing"). Thread-safe; asked on every hit, so it takes no lock.</summary>
internal interface IFleetHearing
{
    /// <summary>
    /// True when every invalidation since <paramref name="committedAt"/> has been heard: metadata taken into memory then (a timestamp of the time provider) may be told without asking.
    /// </summary>
    bool MayTrust(long committedAt);

    /// <summary>False for a replica whose membership is over, as far as this one has heard: its leases may be taken over.</summary>
    bool IsLive(string replica);

    /// <summary>The latest purge of a scope that this replica knows of. To be taken before the origin is asked and kept with what it answers.</summary>
    long ScopeGeneration { get; }

    /// <summary>True when the object lies in a scope that was purged after <paramref name="generation"/>.</summary>
    bool IsPurgedSince(ObjectId id, long generation);

    /// <summary>Has <paramref name="handler"/> called with the name of every replica that is not a member any more. It must not block.</summary>
    void OnMemberLost(Action<string> handler);

    /// <summary>Has <paramref name="handler"/> called when the replica hears again after a gap: wakes may have been missed. It must not block.</summary>
    void OnHeardAgain(Action handler);
}
