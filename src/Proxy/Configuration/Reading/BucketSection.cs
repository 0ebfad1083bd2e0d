using System.Collections.Frozen;
using System.Text;
using S3Proxy.Configuration.Schema;
using S3Proxy.Protocol;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>buckets</c>, whose entries take what they do not say from <c>cache.default</c> and <c>coalescing</c>.</summary>
internal sealed class BucketSection(IReadOnlyDictionary<string, OriginConfiguration> origins, CacheConfiguration cache, CoalescingMode defaultMode, bool isPassthrough)
{
    /// <summary>Entry that serves every bucket without one.</summary>
    private const string DefaultName = "*";

    // A key has at most 1,024 bytes at the origin; more than half of them for the prefix leaves clients too little.
    private const int MaxPrefixBytes = 512;

    /// <summary>Slices of a quota beside those that are read ahead. With less, one large object would have none of its own left for those who follow.</summary>
    private const int LeastQuotaSlices = 4;

    /// <summary>Buckets by name, and the default one when there is an entry for it.</summary>
    public (FrozenDictionary<string, BucketConfiguration> Named, BucketConfiguration? Default) ReadAll(Section section)
    {
        Dictionary<string, BucketConfiguration> named = new(StringComparer.Ordinal);
        BucketConfiguration? byDefault = null;
        foreach ((string name, Section bucket) in section.Named())
        {
            BucketConfiguration? configuration = Read(bucket);
            RefuseRenaming(name, bucket);
            if (name == DefaultName)
            {
                if (configuration?.MemoryQuotaBytes is not null)
                {
                    bucket.Child("cache").Refuse("memoryQuota", "is of one bucket: give that bucket an entry of its own");
                }

                byDefault = configuration;
            }
            else if (!BucketName.TryParse(name, out _))
            {
                bucket.Refuse("is not a bucket name: 3 to 63 letters, digits, '.', '-' or '_', or \"*\" for all others");
            }
            else if (configuration is not null)
            {
                CheckQuota(name, configuration, bucket, named);
                named[name] = configuration;
            }
        }

        if (section.IsPresent && !section.Named().Any())
        {
            section.Refuse("no bucket is configured; write { \"*\": { origin: NAME } } to serve all buckets of an origin");
        }

        return (named.ToFrozenDictionary(StringComparer.Ordinal), byDefault);
    }

    /// <summary>What a client signed names bucket and key; sent on unchanged, it cannot mean others.</summary>
    private void RefuseRenaming(string name, Section section)
    {
        foreach (string key in (ReadOnlySpan<string>)["bucket", "prefix"])
        {
            if (isPassthrough && section.Setting(key).Text is { Length: > 0 } text && !(key == "bucket" && text == name))
            {
                section.Refuse(key, "cannot rename in auth.mode passthrough: clients sign the names that the origin sees");
            }
        }
    }

    private BucketConfiguration? Read(Section section)
    {
        string? originBucket = section.Text("bucket");
        if (originBucket is not null && !BucketName.TryParse(originBucket, out _))
        {
            section.Refuse("bucket", $"{ScalarCheck.Quote(originBucket)} is not a bucket name");
        }

        string prefix = section.Text("prefix")!;
        if (prefix.StartsWith('/') || Encoding.UTF8.GetByteCount(prefix) > MaxPrefixBytes)
        {
            section.Refuse("prefix", $"must not begin with a slash nor exceed {MaxPrefixBytes} bytes");
        }

        return FindOrigin(section) is not { } origin ? null : new BucketConfiguration
        {
            Origin = origin,
            OriginBucket = originBucket,
            Prefix = prefix,
            Cache = CacheSection.ReadRule(section.Child("cache"), cache.Default),
            MemoryQuotaBytes = ReadQuota(section.Child("cache")),
            Coalescing = section.Child("coalescing").Choice("mode", defaultMode),
        };
    }

    private long? ReadQuota(Section rule)
    {
        // Also null for a text that is no size, which was refused before.
        if (rule.Text("memoryQuota") is null)
        {
            return null;
        }

        long bytes = rule.Size("memoryQuota");
        long aheadSlices = Math.Max(cache.ReadAheadSlices, (cache.MaxReadAheadBytes + cache.SliceSizeBytes - 1) / cache.SliceSizeBytes);
        long leastSlices = aheadSlices + LeastQuotaSlices;
        long least = leastSlices * cache.SliceSizeBytes;
        if (bytes < least || bytes > cache.MemorySizeBytes)
        {
            rule.Refuse("memoryQuota", $"must be at least {LeastQuotaSlices} slices more than cache.readAheadSlices and cache.maxReadAhead are, which is {leastSlices} of cache.sliceSize or {least >> 10}KiB, and at most cache.memory.size, that is {cache.MemorySizeBytes >> 10}KiB");
        }

        return bytes;
    }

    /// <summary>What is kept does not know by which name it was asked for, so a bucket at an origin has one quota.</summary>
    private static void CheckQuota(string name, BucketConfiguration bucket, Section section, Dictionary<string, BucketConfiguration> others)
    {
        foreach ((string other, BucketConfiguration known) in others)
        {
            if (known.Origin.Name == bucket.Origin.Name && (known.OriginBucket ?? other) == (bucket.OriginBucket ?? name) && known.MemoryQuotaBytes != bucket.MemoryQuotaBytes)
            {
                section.Refuse($"is the same bucket at the same origin as {ScalarCheck.Quote(other)}: give both the same cache.memoryQuota, which they share");
                return;
            }
        }
    }

    private OriginConfiguration? FindOrigin(Section section)
    {
        if (section.Text("origin") is not { } name)
        {
            return null;
        }

        if (!origins.TryGetValue(name, out OriginConfiguration? origin))
        {
            section.Refuse("origin", $"there is no origin {ScalarCheck.Quote(name)}{Spelling.Hint(name, origins.Keys)}");
        }

        return origin;
    }
}
