using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Invalidation;

namespace S3Proxy.Fleet;

/// <summary>What a message of kind <see cref="FleetMessageKind.Invalidate"/> carries: of objects or of a scope, what a replica is to do. Immutable; JSON on the wire.</summary>
internal sealed record InvalidationNotice
{
    /// <summary>Names the notice, for its acknowledgement; null for one that needs none.</summary>
    public string? Id { get; init; }

    /// <summary>The write that begins, goes on or ends; null for what is over already, as a purge.</summary>
    public string? Write { get; init; }

    /// <summary>With <see cref="Write"/>: how long it counts, in milliseconds, unless it is told again; 0 when it has ended.</summary>
    public long LifeMilliseconds { get; init; }

    /// <summary>True when the outcome of the write is unknown.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>True when slices are to be dropped too.</summary>
    public bool DropSlices { get; init; }

    /// <summary>Origin, bucket and key of each object, one after the other.</summary>
    public string[] Names { get; init; } = [];

    /// <summary>The purged scope, as <see cref="PurgedScopes.NameOf"/> has it; null for objects.</summary>
    public string? Scope { get; init; }

    /// <summary>With <see cref="Scope"/>: the generation of the purge.</summary>
    public long Generation { get; init; }

    /// <summary>The names of some objects, for <see cref="Names"/>.</summary>
    public static string[] NamesOf(IEnumerable<ObjectId> objects) => [.. objects.SelectMany(id => (string[])[id.Origin, id.Bucket, id.Key])];

    /// <summary>The objects that <see cref="Names"/> names.</summary>
    public ObjectId[] Objects() => [.. Names.Chunk(3).Select(parts => new ObjectId(parts[0], parts[1], parts[2]))];

    /// <summary>The scope, or null for objects.</summary>
    public CacheScope? PurgedScope() => Scope is null ? null : PurgedScopes.ScopeOf(Scope);

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, FleetJson.Default.InvalidationNotice);

    /// <exception cref="JsonException">It is no notice.</exception>
    public static InvalidationNotice Decode(ReadOnlySpan<byte> payload)
    {
        InvalidationNotice notice = JsonSerializer.Deserialize(payload, FleetJson.Default.InvalidationNotice) ?? throw new JsonException("null is no notice.");
        return notice.Names.Length % 3 == 0 ? notice : throw new JsonException("The names of objects come in threes.");
    }
}
