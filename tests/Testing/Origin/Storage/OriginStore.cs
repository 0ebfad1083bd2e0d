using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Storage;

/// <summary>All buckets, in memory. Thread-safe: one lock protects everything, held only for look-ups and commits, never while bytes are copied.</summary>
internal sealed partial class OriginStore(TimeProvider timeProvider, int maxVersions)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoredBucket> _buckets = new(StringComparer.Ordinal);
    private long _lastId;

    /// <summary>Now in whole seconds, the precision of Last-Modified.</summary>
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = timeProvider.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        }
    }

    /// <summary>False when the bucket exists already.</summary>
    public bool CreateBucket(string name, bool versioned)
    {
        lock (_lock)
        {
            return _buckets.TryAdd(name, new StoredBucket(name, Now, maxVersions) { Versioning = versioned ? VersioningState.Enabled : null });
        }
    }

    public OriginErrorCode? DeleteBucket(string name)
    {
        lock (_lock)
        {
            if (!_buckets.TryGetValue(name, out StoredBucket? bucket))
            {
                return OriginErrorCode.NoSuchBucket;
            }

            if (!bucket.IsEmpty)
            {
                return OriginErrorCode.BucketNotEmpty;
            }

            _buckets.Remove(name);
            return null;
        }
    }

    public bool HasBucket(string name)
    {
        lock (_lock)
        {
            return _buckets.ContainsKey(name);
        }
    }

    /// <summary>Names and times of creation, in order.</summary>
    public IReadOnlyList<(string Name, DateTimeOffset Created)> Buckets()
    {
        lock (_lock)
        {
            return [.. _buckets.Values.Select(bucket => (bucket.Name, bucket.Created))];
        }
    }

    public OriginErrorCode? GetVersioning(string bucketName, out VersioningState? state)
    {
        lock (_lock)
        {
            bool found = _buckets.TryGetValue(bucketName, out StoredBucket? bucket);
            state = bucket?.Versioning;
            return found ? null : OriginErrorCode.NoSuchBucket;
        }
    }

    public OriginErrorCode? SetVersioning(string bucketName, VersioningState state)
    {
        lock (_lock)
        {
            if (!_buckets.TryGetValue(bucketName, out StoredBucket? bucket))
            {
                return OriginErrorCode.NoSuchBucket;
            }

            bucket.Versioning = state;
            return null;
        }
    }

    /// <summary>
    /// Finds the newest or the named version. With a delete marker the error is S3's for it, and <paramref name="found"/> is the marker.
    /// </summary>
    public OriginErrorCode? Find(string bucketName, string key, string? versionId, out StoredObject? found)
    {
        lock (_lock)
        {
            found = null;
            if (!_buckets.TryGetValue(bucketName, out StoredBucket? bucket))
            {
                return OriginErrorCode.NoSuchBucket;
            }

            found = versionId is null ? bucket.Newest(key) : bucket.Version(key, versionId);
            if (found is null)
            {
                return versionId is null ? OriginErrorCode.NoSuchKey : OriginErrorCode.NoSuchVersion;
            }

            return !found.IsDeleteMarker ? null : versionId is null ? OriginErrorCode.NoSuchKey : OriginErrorCode.MethodNotAllowed;
        }
    }

    /// <summary>Commits a new version if <paramref name="condition"/> accepts what is there (null: nothing is).</summary>
    public OriginErrorCode? Put(string bucketName, StoredObject candidate, Func<StoredObject?, OriginErrorCode?>? condition, out StoredObject stored)
    {
        lock (_lock)
        {
            stored = candidate;
            if (!_buckets.TryGetValue(bucketName, out StoredBucket? bucket))
            {
                return OriginErrorCode.NoSuchBucket;
            }

            StoredObject? current = bucket.Newest(candidate.Key) is { IsDeleteMarker: false } newest ? newest : null;
            if (condition?.Invoke(current) is { } refusal)
            {
                return refusal;
            }

            stored = candidate with { VersionId = NextVersionId(bucket) };
            bucket.Add(stored);
            return null;
        }
    }

    /// <summary>
    /// Deletes as S3 does: without a version id a versioned bucket gets a delete marker, with one that version goes for good. Deleting what is not
    /// there succeeds, with a null result.
    /// </summary>
    public OriginErrorCode? Delete(string bucketName, string key, string? versionId, out StoredObject? affected)
    {
        lock (_lock)
        {
            affected = null;
            if (!_buckets.TryGetValue(bucketName, out StoredBucket? bucket))
            {
                return OriginErrorCode.NoSuchBucket;
            }

            if (versionId is not null || bucket.Versioning is null)
            {
                affected = bucket.Remove(key, versionId ?? StoredBucket.NullVersionId);
                return null;
            }

            affected = new StoredObject { Key = key, LastModified = Now, IsDeleteMarker = true, VersionId = NextVersionId(bucket) };
            bucket.Add(affected);
            return null;
        }
    }

    public OriginErrorCode? List(string bucketName, ListQuery query, out ListPage page)
    {
        lock (_lock)
        {
            if (!_buckets.TryGetValue(bucketName, out StoredBucket? bucket))
            {
                page = ListPage.Empty;
                return OriginErrorCode.NoSuchBucket;
            }

            page = ListPage.Collect(bucket.After(query.Marker, query.Prefix), query);
            return null;
        }
    }

    private string? NextVersionId(StoredBucket bucket) => bucket.Versioning switch
    {
        VersioningState.Enabled => NextId("v"),
        VersioningState.Suspended => StoredBucket.NullVersionId,
        _ => null,
    };

    /// <summary>Ids are consecutive, so that a failing test reads the same each time.</summary>
    private string NextId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{Interlocked.Increment(ref _lastId):d12}");

    private bool TryFindUpload(
        string bucketName, string key, string uploadId, [NotNullWhen(true)] out StoredBucket? bucket, [NotNullWhen(true)] out MultipartUpload? upload)
    {
        upload = null;
        return _buckets.TryGetValue(bucketName, out bucket) && bucket.Uploads.TryGetValue(uploadId, out upload) && upload.Key == key;
    }
}
