using S3Proxy.Caching;
using S3Proxy.Configuration;

namespace S3Proxy.Invalidation;

/// <summary>
/// The identities of origins that requests are answered under (decision 0018): those of the configuration in use, and while a reload is under way those that come with it. A write that began under
/// another identity concerns them too, since it may be the same place.
/// </summary>
/// <remarks>Thread-safe: reloads, which take turns, replace the state as a whole; writes read it once, without a lock.</remarks>
/// <param name="configuration">What the process begins with.</param>
internal sealed class OriginsInForce(ProxyConfiguration configuration)
{
    private volatile State _state = State.Of(configuration);

    /// <summary>A reload has begun. From now on writes that end count for the origins of <paramref name="next"/> too. Returns the identities that are new with it.</summary>
    public IReadOnlyList<string> Announce(ProxyConfiguration next)
    {
        State state = _state;
        State coming = State.Of(next);
        string[] added = [.. coming.Current.Except(state.Current)];
        _state = new State(state.Current, added, state.MayChooseHost || coming.MayChooseHost);
        return added;
    }

    /// <summary>A reload has ended, well or not: <paramref name="inUse"/> is what requests begin with from now on.</summary>
    public void Settle(ProxyConfiguration inUse) => _state = State.Of(inUse);

    /// <summary>
    /// What else a write may have changed that began under these identities, and ends now: null where no other identity has come into force since, which is so but around a reload.
    /// </summary>
    /// <param name="objects">The objects of the write.</param>
    /// <param name="bucket">The bucket of the write; null for one of objects.</param>
    public ElsewhereWritten? ElsewhereOf(IReadOnlyList<ObjectId> objects, BucketId? bucket)
    {
        State state = _state;
        List<ObjectId>? further = null;
        HashSet<CacheScope>? scopes = null;
        foreach (ObjectId id in objects)
        {
            foreach (string other in state.OthersThan(NameAndPlace(id.Origin)))
            {
                if (state.MayChooseHost || HasHost(id.Origin))
                {
                    (scopes ??= []).Add(CacheScope.Of(other));
                }
                else
                {
                    (further ??= []).Add(new ObjectId(other, id.Bucket, id.Key));
                }
            }
        }

        if (bucket is { } whole)
        {
            foreach (string other in state.OthersThan(NameAndPlace(whole.Origin)))
            {
                (scopes ??= []).Add(state.MayChooseHost || HasHost(whole.Origin) ? CacheScope.Of(other) : CacheScope.Of(new BucketId(other, whole.Bucket)));
            }
        }

        return further is null && scopes is null ? null : new ElsewhereWritten(further ?? [], scopes ?? []);
    }

    /// <summary>The same for a purge of a bucket or a prefix. All of an origin, or of all of them, is what it says.</summary>
    public IReadOnlyCollection<CacheScope> ElsewhereOf(CacheScope scope)
    {
        if (scope is not { Origin: { } origin, Bucket: { } bucket })
        {
            return [];
        }

        State state = _state;
        bool isSameBucket = !state.MayChooseHost && !HasHost(origin);
        return [.. state.OthersThan(NameAndPlace(origin)).Select(other => isSameBucket ? CacheScope.Of(new BucketId(other, bucket), scope.Prefix) : CacheScope.Of(other))];
    }

    private static bool HasHost(string identity) => identity.Contains(' ', StringComparison.Ordinal);

    /// <summary>Without the Host that a client chose.</summary>
    private static string NameAndPlace(string identity) => HasHost(identity) ? identity[..identity.IndexOf(' ', StringComparison.Ordinal)] : identity;

    /// <summary>What is in force at a moment. Immutable.</summary>
    /// <param name="Current">Of the configuration in use.</param>
    /// <param name="Coming">Of the one that a reload is about to use, where they are not among the current.</param>
    /// <param name="MayChooseHost">Whether clients may choose the Host that an origin sees: then bucket and key do not name the same object under every identity.</param>
    private sealed record State(string[] Current, string[] Coming, bool MayChooseHost)
    {
        public static State Of(ProxyConfiguration configuration) =>
            new([.. configuration.Origins.Values.Select(origin => origin.Identity).Distinct(StringComparer.Ordinal)], [], configuration.Auth.Mode == AuthMode.Passthrough);

        /// <summary>A write of an identity in use concerns what comes; one of a former identity concerns all.</summary>
        public IEnumerable<string> OthersThan(string identity) => Current.Contains(identity, StringComparer.Ordinal) ? Coming : Current.Concat(Coming);
    }
}
