using System.Collections.Concurrent;

namespace S3Proxy.Commands.Bench;

/// <summary>Remembers the first body of each version of each target, by size and CRC-32C, to compare others with. Thread-safe.</summary>
internal sealed class BodyBook
{
    /// <summary>Versions told apart; an object that is written all the time is not remembered without end.</summary>
    private const int MaxVersions = 10_000;

    private readonly ConcurrentDictionary<(BenchTarget Target, string ETag), (long Bytes, uint Checksum)> _first = new();

    /// <summary>False when the body is not that of the version's first read. One without an ETag is compared with all others that have none.</summary>
    public bool IsSame(BenchTarget target, string? etag, long bytes, uint checksum)
    {
        (BenchTarget, string) version = (target, etag ?? "");
        return _first.Count >= MaxVersions && !_first.ContainsKey(version)
            || _first.GetOrAdd(version, (bytes, checksum)) == (bytes, checksum);
    }
}
