using System.Numerics;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>cache</c> and the rules of buckets.</summary>
internal static class CacheSection
{
    private const int LeastSlices = 16;

    public static CacheConfiguration Read(Section section)
    {
        long sliceBytes = section.Size("sliceSize");
        if (!BitOperations.IsPow2(sliceBytes))
        {
            section.Refuse("sliceSize", "must be a power of two, such as 512KiB, 1MiB or 2MiB");
        }

        Section memory = section.Child("memory");
        long memoryBytes = memory.Size("size");
        int readAhead = section.Integer("readAheadSlices");
        if (memoryBytes / sliceBytes < LeastSlices)
        {
            memory.Refuse("size", $"must hold at least {LeastSlices} slices of cache.sliceSize, that is {sliceBytes * LeastSlices >> 10}KiB");
        }
        else if (readAhead > memoryBytes / sliceBytes / 2)
        {
            section.Refuse("readAheadSlices", $"must be at most half of the {memoryBytes / sliceBytes} slices that fit in cache.memory.size");
        }

        long maxReadAhead = Math.Min(section.Size("maxReadAhead"), section.Has("maxReadAhead") ? long.MaxValue : memoryBytes / 8);
        if (maxReadAhead > memoryBytes / 8)
        {
            section.Refuse("maxReadAhead", $"must be at most an eighth of cache.memory.size, that is {memoryBytes / 8 >> 10}KiB");
        }

        (int parallelRuns, long parallelRunBytes) = ReadParallelRuns(section, sliceBytes, memoryBytes);
        return new CacheConfiguration
        {
            MaxReadAheadBytes = maxReadAhead,
            ParallelRuns = parallelRuns,
            ParallelRunBytes = parallelRunBytes,
            SliceSizeBytes = (int)sliceBytes,
            MemorySizeBytes = memoryBytes,
            ReadAheadSlices = readAhead,
            Redis = RedisSection.Read(section.Child("redis")),
            Default = ReadRule(section.Child("default"), inherited: new CacheRule { Mode = CacheMode.Ttl }),
        };
    }

    private static (int Runs, long Bytes) ReadParallelRuns(Section section, long sliceBytes, long memoryBytes)
    {
        int runs = section.Integer("parallelRuns");
        long bytes = section.Size("parallelRunSize");
        if (runs > 1 && bytes % sliceBytes != 0)
        {
            section.Refuse("parallelRunSize", $"must be a multiple of cache.sliceSize, that is {sliceBytes >> 10}KiB");
        }
        else if (runs > 1 && runs * bytes > memoryBytes / 4)
        {
            section.Refuse("parallelRuns", $"times cache.parallelRunSize must be at most a quarter of cache.memory.size, that is {memoryBytes / 4 >> 10}KiB");
        }

        return (runs, bytes);
    }

    /// <summary>A rule; what it does not say comes from the table, and where that has no default from <paramref name="inherited"/>.</summary>
    public static CacheRule ReadRule(Section section, CacheRule inherited) => new()
    {
        Mode = section.Choice("mode", inherited.Mode),
        Ttl = section.Duration("ttl", inherited.Ttl),
        NegativeTtl = section.Duration("negativeTtl", inherited.NegativeTtl),
        TtlJitter = section.Share("ttlJitter", inherited.TtlJitter),
        RefreshAhead = section.Share("refreshAhead", inherited.RefreshAhead),
        StaleWhileRevalidate = section.Duration("staleWhileRevalidate", inherited.StaleWhileRevalidate),
        StaleIfError = section.Duration("staleIfError", inherited.StaleIfError),
        HonourOrigin = section.Flag("honourOrigin", inherited.HonourOrigin),
    };
}
