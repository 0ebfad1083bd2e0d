using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Invalidation;

namespace S3Proxy.Fleet;

/// <summary>
/// Which scopes were purged, and at which generation: records in Redis that were asked for before do not count (decision 0015). Bounded as the table in Redis is: it becomes one
/// purge of all when it is full.
/// </summary>
/// <remarks>Thread-safe. Asked on every hit in Redis, so the table is replaced as a whole and read without a lock; the lock orders its writers.</remarks>
internal sealed class PurgedScopes
{
    /// <summary>Bound on the scopes, here and in Redis.</summary>
    public const int MaxScopes = 1_024;

    private readonly Lock _lock = new();
    private Table _table = Table.Empty;

    /// <summary>The latest purge that is known.</summary>
    public long Generation => Volatile.Read(ref _table).Generation;

    /// <summary>True when the object lies in a scope that was purged after <paramref name="generation"/>.</summary>
    public bool IsPurgedSince(ObjectId id, long generation)
    {
        Table table = Volatile.Read(ref _table);
        if (generation >= table.Generation)
        {
            return false;
        }

        foreach ((CacheScope scope, long purged) in table.Scopes)
        {
            if (purged > generation && scope.Holds(id))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes purges in; of one scope the latest counts.</summary>
    public void Add(IEnumerable<KeyValuePair<CacheScope, long>> purges)
    {
        lock (_lock)
        {
            Dictionary<CacheScope, long> scopes = new(_table.Scopes);
            long latest = _table.Generation;
            foreach ((CacheScope scope, long generation) in purges)
            {
                scopes[scope] = Math.Max(generation, scopes.GetValueOrDefault(scope));
                latest = Math.Max(latest, generation);
            }

            if (scopes.Count > MaxScopes)
            {
                scopes = new Dictionary<CacheScope, long> { [CacheScope.All] = latest };
            }

            Volatile.Write(ref _table, new Table(latest, scopes));
        }
    }

    /// <summary>Takes one purge in.</summary>
    public void Add(CacheScope scope, long generation) => Add([new(scope, generation)]);

    /// <summary>The generation itself, when nothing was purged at it: what Redis began with.</summary>
    public void Advance(long generation)
    {
        lock (_lock)
        {
            if (generation > _table.Generation)
            {
                Volatile.Write(ref _table, new Table(generation, _table.Scopes));
            }
        }
    }

    /// <summary>The name of a scope's field in Redis: a list of its parts, empty for all. Replicas that do not know a kind of scope take it for all.</summary>
    public static string NameOf(CacheScope scope) => scope switch
    {
        { Origin: { } origin, Bucket: { } bucket } => JsonSerializer.Serialize([origin, bucket, scope.Prefix], FleetJson.Default.StringArray),
        { Origin: { } origin } => JsonSerializer.Serialize([origin], FleetJson.Default.StringArray),
        _ => "[]",
    };

    /// <summary>The scope of a name; what cannot be read is all, so that nothing purged is told.</summary>
    public static CacheScope ScopeOf(string name)
    {
        try
        {
            return JsonSerializer.Deserialize(name, FleetJson.Default.StringArray) switch
            {
                [{ } origin, { } bucket, { } prefix] => CacheScope.Of(new BucketId(origin, bucket), prefix),
                [{ } origin] => CacheScope.Of(origin),
                _ => CacheScope.All,
            };
        }
        catch (JsonException)
        {
            return CacheScope.All;
        }
    }

    private sealed record Table(long Generation, Dictionary<CacheScope, long> Scopes)
    {
        public static readonly Table Empty = new(0, []);
    }
}
