using System.Collections.Concurrent;

namespace S3Proxy.Fetching;

/// <summary>
/// Which origins have shown that their ETags are MD5s. Some servers make up ETags of the same form; only an origin whose ETag once was the MD5 of its
/// bytes is held to it afterwards. Thread-safe; one for the whole process, bounded by the number of origins.
/// </summary>
internal sealed class ETagProofs
{
    private readonly ConcurrentDictionary<string, bool> _proven = new(StringComparer.Ordinal);

    /// <summary>True when an ETag of this origin was the MD5 of its bytes before.</summary>
    public bool IsProven(string origin) => _proven.ContainsKey(origin);

    /// <summary>An ETag of this origin was the MD5 of its bytes, which no chance explains.</summary>
    public void Prove(string origin) => _proven.TryAdd(origin, true);
}
