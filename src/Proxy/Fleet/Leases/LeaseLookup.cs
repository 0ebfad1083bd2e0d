using S3Proxy.Caching.Redis;

namespace S3Proxy.Fleet.Leases;

/// <summary>A question about an object or a run, as <c>lease-look.lua</c> takes it. Immutable.</summary>
internal sealed record LeaseLookup
{
    /// <summary>Arguments of each lookup.</summary>
    public const int ArgumentCount = 6;

    private LeaseLookup(string tag, bool isRun, RedisArgument[] arguments)
    {
        Tag = tag;
        IsRun = isRun;
        Arguments = arguments;
    }

    /// <summary>Tag of the object.</summary>
    public string Tag { get; }

    /// <summary>True when it asks for the lease of a run.</summary>
    public bool IsRun { get; }

    public IReadOnlyList<RedisArgument> Arguments { get; }

    /// <summary>Asks for metadata, or for the lease to fetch it.</summary>
    /// <param name="tag">Of the object.</param>
    /// <param name="tooOldMilliseconds">Age at which a record does not do; null when none is too old.</param>
    /// <param name="joined">Fence of a lease that was waited for: what was fetched under it or later does whatever its age. 0 for none.</param>
    /// <param name="gone">Fence whose holder is not a member any more; 0 for none.</param>
    public static LeaseLookup OfObject(string tag, long? tooOldMilliseconds, long joined, long gone) =>
        new(tag, isRun: false, ["o", tooOldMilliseconds ?? -1, joined, "1", gone, ""]);

    /// <summary>Asks for the lease of the slices from <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <param name="version">The version.</param>
    /// <param name="first">First slice.</param>
    /// <param name="last">Last slice.</param>
    /// <param name="gone">Fence whose holder is not a member any more, or was followed in vain; 0 for none.</param>
    public static LeaseLookup OfRun(RedisVersion version, int first, int last, long gone) =>
        new(RedisKeys.TagOf(version.Version.Id), isRun: true, ["r", version.Tag, first, last, gone, ""]);
}
