using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.SoakTests.Checking;

/// <summary>
/// Every version that an object may have had, and which of them a read that begins now may still see. Thread-safe; one lock protects all fields. At most one
/// writer at a time.
/// </summary>
/// <param name="bucket">Bucket.</param>
/// <param name="key">Key.</param>
/// <param name="maxBytes">No version is longer.</param>
/// <param name="isOrdered">
/// Whether the only writer goes through the proxy: then no read may be older than what was acknowledged, or seen, before it began (requirement I1).
/// </param>
internal sealed class ObjectLedger(string bucket, string key, long maxBytes, bool isOrdered)
{
    private readonly Lock _lock = new();
    private readonly List<WrittenVersion> _versions = [];
    private readonly Dictionary<string, WrittenVersion> _byETag = new(StringComparer.Ordinal);
    private int _floor = 1;

    public string Bucket { get; } = bucket;

    public string Key { get; } = key;

    /// <summary>No version is longer.</summary>
    public long MaxBytes { get; } = maxBytes;

    /// <summary>The oldest version that a read which begins now may see.</summary>
    public int Floor
    {
        get
        {
            lock (_lock)
            {
                return _floor;
            }
        }
    }

    /// <summary>The last version whose write was begun.</summary>
    public WrittenVersion Newest
    {
        get
        {
            lock (_lock)
            {
                return _versions[^1];
            }
        }
    }

    /// <summary>Records a write before it is sent: from now a read may see it.</summary>
    public WrittenVersion Begin(Func<int, WrittenVersion> make)
    {
        lock (_lock)
        {
            WrittenVersion version = make(_versions.Count + 1);
            _versions.Add(version);
            if (version.ETag is { } etag)
            {
                _byETag.Add(etag, version);
            }

            return version;
        }
    }

    /// <summary>The version was acknowledged to its writer, or a reader has got its headers: later reads may not be older.</summary>
    public void Settle(WrittenVersion version)
    {
        lock (_lock)
        {
            _floor = isOrdered ? Math.Max(_floor, version.Number) : _floor;
        }
    }

    public bool TryFind(string etag, [NotNullWhen(true)] out WrittenVersion? version)
    {
        lock (_lock)
        {
            return _byETag.TryGetValue(etag, out version);
        }
    }

    /// <summary>The oldest version from <paramref name="floor"/> on that satisfies <paramref name="predicate"/>; null when none does.</summary>
    public WrittenVersion? FirstFrom(int floor, Func<WrittenVersion, bool> predicate)
    {
        lock (_lock)
        {
            return _versions.Skip(floor - 1).FirstOrDefault(predicate);
        }
    }
}
